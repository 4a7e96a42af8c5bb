import Glibc

/// The pause of a thread that waits for another process's lock.
enum BlockingSleep {
  /// Blocks the calling thread.
  static func sleep(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
    nanosleep(&time, nil)
  }
}
