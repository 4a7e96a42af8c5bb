import Glibc

// @unchecked is sound: `items` and `isClosed` are touched only while `lock` is held.
/// Hands work to one thread, which sleeps while there is none.
final class Mailbox<Item>: @unchecked Sendable {
  private let lock = Lock()
  private let filled: UnsafeMutablePointer<pthread_cond_t>
  private var items: [Item] = []
  private var isClosed = false

  init() {
    filled = .allocate(capacity: 1)
    pthread_cond_init(filled, nil)
  }

  deinit {
    pthread_cond_destroy(filled)
    filled.deallocate()
  }

  /// How many items are inside.
  var count: Int { lock.locked { items.count } }

  /// Puts something in.
  /// - Returns: false when the box is closed.
  func put(_ item: Item) -> Bool {
    lock.locked {
      guard !isClosed else { return false }
      items.append(item)
      if items.count == 1 { pthread_cond_signal(filled) }
      return true
    }
  }

  /// Takes out the oldest items, at most `limit`; waits for the first. Nil when the box is closed and empty.
  func take(limit: Int) -> [Item]? {
    lock.locked {
      while items.isEmpty {
        if isClosed { return nil }
        pthread_cond_wait(filled, lock.mutex)
      }
      guard items.count > limit else {
        defer { items = [] }
        return items
      }
      defer { items.removeFirst(limit) }
      return Array(items.prefix(limit))
    }
  }

  /// Takes nothing more; what is inside is still worked off.
  func close() {
    lock.locked {
      isClosed = true
      pthread_cond_broadcast(filled)
    }
  }
}
