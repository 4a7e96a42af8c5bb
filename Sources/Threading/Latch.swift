// @unchecked is sound: `isOpen` and `waiting` are touched only while `lock` is held.
/// Lets tasks wait for something that happens once, such as the end of a thread.
package final class Latch: @unchecked Sendable {
  private let lock = Lock()
  private var isOpen = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  /// A latch that nothing opened yet.
  package init() {}

  /// It has happened.
  package func open() {
    let released = lock.locked {
      isOpen = true
      defer { waiting = [] }
      return waiting
    }
    for continuation in released { continuation.resume() }
  }

  /// Returns when it has happened.
  package func wait() async {
    await withCheckedContinuation { continuation in
      let happened = lock.locked {
        if !isOpen { waiting.append(continuation) }
        return isOpen
      }
      if happened { continuation.resume() }
    }
  }
}
