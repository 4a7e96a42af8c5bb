/// What became due.
public struct Promotion: Sendable, Hashable {
  /// How many jobs became ready and gates half-open.
  public var count: Int
  /// When the next job is due, or the next gate lets a probe through.
  public var next: Timestamp?

  /// Creates one; used by stores.
  public init(count: Int, next: Timestamp?) {
    self.count = count
    self.next = next
  }
}
