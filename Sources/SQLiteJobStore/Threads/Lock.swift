import Glibc

// @unchecked is sound: `mutex` never moves, because it is allocated apart, and is used by the library's own calls only.
/// Mutual exclusion between threads. A pthread mutex, because ThreadSanitizer does not understand
/// Synchronization.Mutex on Linux.
final class Lock: @unchecked Sendable {
  let mutex: UnsafeMutablePointer<pthread_mutex_t>

  init() {
    mutex = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Runs `body` while no other thread is in here.
  func locked<Result>(_ body: () throws -> Result) rethrows -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body()
  }
}
