/// How far a running job is, by what it wrote down.
public struct JobProgress: Sendable, Hashable {
  /// The parts that are done.
  public var parts: Int
  /// All parts, as far as that is known.
  public var allParts: Int?
  /// The bytes that are done.
  public var bytes: Int64
  /// All bytes.
  public var allBytes: Int64

  /// Says how far a job is.
  public init(parts: Int, allParts: Int?, bytes: Int64, allBytes: Int64) {
    self.parts = parts
    self.allParts = allParts
    self.bytes = bytes
    self.allBytes = allBytes
  }
}
