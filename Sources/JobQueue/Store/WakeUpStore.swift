/// Tells when it is worth while to look again.
public protocol WakeUpStore: Sendable {
  /// An element whenever jobs may have become ready by anyone's hand, also another process's. A hint: elements may be
  /// missing or come without cause, so a listener also looks by itself from time to time. At most one is kept for a
  /// listener that is busy.
  func wakeUps() -> AsyncStream<Void>
}
