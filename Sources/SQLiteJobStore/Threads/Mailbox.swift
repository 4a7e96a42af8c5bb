import Threading

// @unchecked is sound: `items` and `isClosed` are touched only while `lock` is held, and whoever puts an item in gives
// it away.
/// Passes work to one thread, which sleeps while there is none.
final class Mailbox<Item>: @unchecked Sendable {
  private let lock = Lock()
  private let filled = Condition()
  private var items: [Item] = []
  private var isClosed = false

  /// How many items are inside.
  var count: Int { lock.locked { items.count } }

  /// Puts an item in.
  /// - Returns: false if the box is closed.
  func put(_ item: sending Item) -> Bool {
    lock.locked {
      guard !isClosed else { return false }
      items.append(item)
      if items.count == 1 { filled.wakeOne() }
      return true
    }
  }

  /// Takes out the oldest items, at most `limit`; waits for the first. Nil if the box is closed and empty.
  func take(limit: Int) -> [Item]? {
    lock.locked {
      while items.isEmpty {
        if isClosed { return nil }
        filled.wait(lock)
      }
      return removeFirst(limit)
    }
  }

  /// Takes out the oldest items, at most `limit`, without waiting for any.
  func takeNow(limit: Int) -> [Item] {
    lock.locked { removeFirst(limit) }
  }

  /// Accepts no more items; those inside are still processed.
  func close() {
    lock.locked {
      isClosed = true
      filled.wakeAll()
    }
  }

  private func removeFirst(_ limit: Int) -> [Item] {
    guard items.count > limit else {
      defer { items = [] }
      return items
    }
    defer { items.removeFirst(limit) }
    return Array(items.prefix(limit))
  }
}
