/// Signals when it is worth looking again.
public protocol WakeUpStore: Sendable {
  /// Yields an element whenever jobs may have become ready, whoever caused it, including another process. This is only
  /// a hint: elements may be missing or come without cause, so a listener also looks by itself from time to time. At
  /// most one element is kept for a busy listener.
  func wakeUps() -> AsyncStream<Void>
}
