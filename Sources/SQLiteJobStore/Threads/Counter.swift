import Threading

// @unchecked is sound: `count` is touched only while `lock` is held.
/// A number that one thread raises and any other reads.
final class Counter: @unchecked Sendable {
  private let lock = Lock()
  private var count = 0

  var value: Int { lock.locked { count } }

  func increment() { lock.locked { count += 1 } }
}
