// @unchecked is sound: `value` and `waiting` are touched only while `lock` is held.
/// Opens once, with a value, and lets everyone through who waits or comes later: for what happens once, such as the end of
/// a thread.
package final class Latch<Value: Sendable>: @unchecked Sendable {
  private let lock = Lock()
  private var value: Value?
  private var waiting: [CheckedContinuation<Value, Never>] = []

  /// A latch that nothing opened yet.
  package init() {}

  /// It has happened; a second opening changes nothing.
  package func open(_ value: Value) {
    let released = lock.locked {
      if self.value == nil { self.value = value }
      defer { waiting = [] }
      return waiting
    }
    for continuation in released { continuation.resume(returning: value) }
  }

  /// Returns when it has happened, also in a cancelled task.
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
  /// It has happened.
  package func open() { open(()) }
}
