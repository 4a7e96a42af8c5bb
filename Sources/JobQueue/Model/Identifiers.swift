/// A job's number in its store. Numbers grow and are never reused, even after pruning.
public struct JobID: RawRepresentable, Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
  /// The number.
  public let rawValue: Int64

  /// Creates an id from its number.
  public init(rawValue: Int64) { self.rawValue = rawValue }

  /// Creates an id from its number.
  public init(_ rawValue: Int64) { self.rawValue = rawValue }

  /// The number in decimal.
  public var description: String { String(rawValue) }

  /// Whether `lhs` was created earlier.
  public static func < (lhs: JobID, rhs: JobID) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// The name of one worker process, unique for all time.
public struct WorkerID: RawRepresentable, Sendable, Hashable, Codable, CustomStringConvertible {
  /// The name.
  public let rawValue: String

  /// Creates an id from its name.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// Creates an id from its name.
  public init(_ rawValue: String) { self.rawValue = rawValue }

  /// The name.
  public var description: String { rawValue }
}
