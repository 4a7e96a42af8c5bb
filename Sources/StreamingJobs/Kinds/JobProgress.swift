/// The progress of a running job, according to its notes.
public struct JobProgress: Sendable, Hashable {
  /// The parts that are done.
  public var parts: Int
  /// All parts, as far as that is known.
  public var allParts: Int?
  /// The bytes that are done.
  public var bytes: Int64
  /// All bytes.
  public var allBytes: Int64

  /// Describes the progress of a job.
  public init(parts: Int, allParts: Int?, bytes: Int64, allBytes: Int64) {
    self.parts = parts
    self.allParts = allParts
    self.bytes = bytes
    self.allBytes = allBytes
  }
}
