/// A point in time, in milliseconds since 1970-01-01T00:00:00Z.
///
/// Stores keep times as this number; it sorts, it has no time zone, and it fits an SQLite integer.
public struct Timestamp: Sendable, Hashable, Comparable, Codable {
  /// Milliseconds since the Unix epoch.
  public var milliseconds: Int64

  /// Creates a timestamp from milliseconds since the Unix epoch.
  public init(milliseconds: Int64) {
    self.milliseconds = milliseconds
  }

  /// Reads a bare number of milliseconds.
  public init(from decoder: any Decoder) throws {
    milliseconds = try decoder.singleValueContainer().decode(Int64.self)
  }

  /// Writes a bare number of milliseconds.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(milliseconds)
  }

  /// Whether `lhs` is earlier.
  public static func < (lhs: Timestamp, rhs: Timestamp) -> Bool {
    lhs.milliseconds < rhs.milliseconds
  }

  /// The time `duration` later; saturates instead of overflowing.
  public static func + (lhs: Timestamp, duration: Duration) -> Timestamp {
    let (sum, overflow) = lhs.milliseconds.addingReportingOverflow(duration.wholeMilliseconds)
    return Timestamp(milliseconds: overflow ? .max : sum)
  }

  /// The time `duration` earlier.
  public static func - (lhs: Timestamp, duration: Duration) -> Timestamp {
    let (difference, overflow) = lhs.milliseconds.subtractingReportingOverflow(duration.wholeMilliseconds)
    return Timestamp(milliseconds: overflow ? .min : difference)
  }

  /// The time from `rhs` to `lhs`; negative if `lhs` is earlier.
  public static func - (lhs: Timestamp, rhs: Timestamp) -> Duration {
    .milliseconds(lhs.milliseconds.subtractingReportingOverflow(rhs.milliseconds).partialValue)
  }
}

extension Duration {
  /// Whole milliseconds, rounded down; saturates at the limits of Int64.
  public var wholeMilliseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    guard !overflow else { return seconds < 0 ? .min : .max }
    return product + attoseconds / 1_000_000_000_000_000
  }
}
