package import Glibc

// @unchecked is sound: `mutex` never moves, because it is allocated separately, and only the library's own calls use
// it.
/// Mutual exclusion between threads, for a class that guards several fields.
///
/// A pthread mutex, because on Linux ThreadSanitizer reports false races with `Synchronization.Mutex`.
package final class Lock: @unchecked Sendable {
  @usableFromInline package let mutex: UnsafeMutablePointer<pthread_mutex_t>

  /// An unlocked lock.
  package init() {
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Runs `body` while no other thread holds the lock. `body` must not take the lock again.
  @inlinable
  package func locked<Result>(_ body: () throws -> Result) rethrows -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body()
  }
}
