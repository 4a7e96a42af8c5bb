// @unchecked is sound: `value` and `waiting` are touched only while `lock` is held.
/// Opens once, with a value, and lets everyone through who waits or comes later: for an event that happens once, such
/// as the end of a thread.
package final class Latch<Value: Sendable>: @unchecked Sendable {
  private let lock = Lock()
  private var value: Value?
  private var waiting: [CheckedContinuation<Value, Never>] = []

  /// A closed latch.
  package init() {}

  /// Opens the latch; opening it again changes nothing.
  package func open(_ value: Value) {
    let released = lock.locked {
      if self.value == nil { self.value = value }
      defer { waiting = [] }
      return waiting
    }
    for continuation in released { continuation.resume(returning: value) }
  }

  /// Returns when the latch is open, even in a cancelled task.
  package func wait() async -> Value {
    await withCheckedContinuation { continuation in
      let opened = lock.locked {
        if value == nil { waiting.append(continuation) }
        return value
      }
      if let opened { continuation.resume(returning: opened) }
    }
  }
}

extension Latch<Void> {
  /// Opens the latch.
  package func open() { open(()) }
}
