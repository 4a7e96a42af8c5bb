import Glibc

// @unchecked is sound: `listeners`, `nextListener`, `stopper` and `isStopped` are touched only while `mutex` is held.
/// Tells listeners that something was committed, by this process or by another one.
///
/// Other processes are heard through inotify on the directory: every commit writes to the -wal file. The watch begins
/// with the first listener, because a process that only enqueues needs none.
final class WakeBell: @unchecked Sendable {
  private let path: String
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
  private var nextListener = 0
  /// Closing this end of a pipe ends the watching thread; -1 while there is none.
  private var stopper: Int32 = -1
  private var isStopped = false

  init(path: String) {
    self.path = path
    mutex = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// A stream that has an element after each commit; several commits may give one.
  func listen() -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let number: Int? = locked {
      guard !isStopped else { return nil }
      defer { nextListener += 1 }
      listeners[nextListener] = continuation
      if stopper < 0 { startWatching() }
      return nextListener
    }
    guard let number else {
      continuation.finish()
      return stream
    }
    continuation.onTermination = { [weak self] _ in
      self?.locked { self?.listeners[number] = nil }
    }
    return stream
  }

  /// Tells all listeners.
  func ring() {
    for listener in locked({ Array(listeners.values) }) { listener.yield() }
  }

  /// Ends the watch and all streams.
  func stop() {
    let ended: [AsyncStream<Void>.Continuation] = locked {
      isStopped = true
      if stopper >= 0 {
        close(stopper)
        stopper = -1
      }
      defer { listeners = [:] }
      return Array(listeners.values)
    }
    for listener in ended { listener.finish() }
  }

  /// Starts the watching thread; without one, listeners still hear this process and look by themselves now and then.
  private func startWatching() {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let watch = DirectoryWatch(of: path, untilClosed: ends[0]) { [weak self] in self?.ring() }
    guard let watch, watch.start() else {
      for end in ends { close(end) }
      return
    }
    stopper = ends[1]
  }

  private func locked<T>(_ body: () -> T) -> T {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }
}
