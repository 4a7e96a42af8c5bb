import Glibc

/// A value behind a pthread mutex. `Synchronization.Mutex` makes ThreadSanitizer report races on Linux that are none.
///
/// @unchecked Sendable, proof: `state` is touched only inside `withLock`, between lock and unlock of `mutex`, and
/// `mutex` never moves because it is allocated apart.
final class PthreadLock<State: Sendable>: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private var state: State

  init(_ state: State) {
    self.state = state
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  func withLock<Result>(_ body: (inout State) -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body(&state)
  }
}
