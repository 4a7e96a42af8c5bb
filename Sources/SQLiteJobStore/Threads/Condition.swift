import Glibc
import Threading

// @unchecked is sound: `condition` never moves, because it is allocated separately, and only the library's own calls
// use it.
/// A condition that threads wait for while they hold a ``Lock``. Deadlines use the monotonic clock.
final class Condition: @unchecked Sendable {
  private let condition: UnsafeMutablePointer<pthread_cond_t>

  init() {
    condition = .allocate(capacity: 1)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(condition, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(condition)
    condition.deallocate()
  }

  /// Wakes one waiting thread.
  func wakeOne() { pthread_cond_signal(condition) }

  /// Wakes all waiting threads.
  func wakeAll() { pthread_cond_broadcast(condition) }

  /// Releases the lock, waits to be woken and takes it again; may also return without a cause.
  func wait(_ lock: Lock) { pthread_cond_wait(condition, lock.mutex) }

  /// The same, until a deadline at most.
  /// - Returns: false if the deadline passed.
  func wait(_ lock: Lock, until moment: timespec) -> Bool {
    var moment = moment
    return pthread_cond_timedwait(condition, lock.mutex, &moment) != ETIMEDOUT
  }

  /// A time, counted from now.
  static func moment(after duration: Duration) -> timespec {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    let (seconds, attoseconds) = duration.components
    let nanoseconds = now.tv_nsec + Int(attoseconds / 1_000_000_000)
    return timespec(
      tv_sec: now.tv_sec + Int(seconds) + nanoseconds / 1_000_000_000, tv_nsec: nanoseconds % 1_000_000_000)
  }
}
