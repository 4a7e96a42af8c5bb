import Glibc

// @unchecked is sound: `items` and `isClosed` are touched only while `mutex` is held. A pthread mutex, because
// ThreadSanitizer does not understand Synchronization.Mutex on Linux.
/// Hands work to one thread, which sleeps while there is none.
final class Mailbox<Item>: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let filled: UnsafeMutablePointer<pthread_cond_t>
  private var items: [Item] = []
  private var isClosed = false

  init() {
    mutex = .allocate(capacity: 1)
    filled = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(filled, nil)
  }

  deinit {
    pthread_cond_destroy(filled)
    pthread_mutex_destroy(mutex)
    filled.deallocate()
    mutex.deallocate()
  }

  /// Puts something in.
  /// - Returns: false when the box is closed.
  func put(_ item: Item) -> Bool {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    guard !isClosed else { return false }
    items.append(item)
    if items.count == 1 { pthread_cond_signal(filled) }
    return true
  }

  /// Takes out the oldest items, at most `limit`; waits for the first. Nil when the box is closed and empty.
  func take(limit: Int) -> [Item]? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while items.isEmpty {
      if isClosed { return nil }
      pthread_cond_wait(filled, mutex)
    }
    guard items.count > limit else {
      defer { items = [] }
      return items
    }
    defer { items.removeFirst(limit) }
    return Array(items.prefix(limit))
  }

  /// Takes nothing more; what is inside is still worked off.
  func close() {
    pthread_mutex_lock(mutex)
    isClosed = true
    pthread_cond_broadcast(filled)
    pthread_mutex_unlock(mutex)
  }
}
