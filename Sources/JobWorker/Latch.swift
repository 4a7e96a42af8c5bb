/// Opens once, with a value, and lets everyone through who waits or comes later.
actor Latch<Value: Sendable> {
  private var value: Value?
  private var waiters: [CheckedContinuation<Value, Never>] = []

  /// Opens the latch; a second opening changes nothing.
  func open(_ value: Value) {
    guard self.value == nil else { return }
    self.value = value
    for waiter in waiters { waiter.resume(returning: value) }
    waiters = []
  }

  /// Returns when the latch is open, also in a cancelled task.
  func wait() async -> Value {
    if let value { return value }
    return await withCheckedContinuation { waiters.append($0) }
  }
}
