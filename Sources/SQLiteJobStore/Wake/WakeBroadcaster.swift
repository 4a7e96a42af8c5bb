import Glibc
import Threading

// @unchecked is sound: `listeners`, `nextListener`, `stopper` and `isStopped` are touched only while `lock` is held.
/// Tells listeners that jobs may have become ready, through this process or another one.
///
/// Watching other processes starts with the first listener, because a process that only enqueues does not need it.
final class WakeBroadcaster: @unchecked Sendable {
  private let path: String
  private let connect: @Sendable () throws -> Connection
  private let lock = Lock()
  private let watchEnded = Latch<Void>()
  private var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
  private var nextListener = 0
  /// Closing this end of a pipe ends the watching thread; -1 while there is none.
  private var stopper: Int32 = -1
  private var isStopped = false

  /// - Parameter connect: opens the connection that shows which commits are visible.
  init(path: String, connect: @escaping @Sendable () throws -> Connection) {
    self.path = path
    self.connect = connect
  }

  /// A stream that yields an element when jobs may have become ready; several commits may yield one.
  func listen() -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let number: Int? = lock.locked {
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
      self?.lock.locked { self?.listeners[number] = nil }
    }
    return stream
  }

  /// Notifies all listeners.
  func ring() {
    for listener in lock.locked({ Array(listeners.values) }) { listener.yield() }
  }

  /// Ends all streams and makes the watch end.
  func letGo() {
    let ended: [AsyncStream<Void>.Continuation] = lock.locked {
      if !isStopped, stopper >= 0 { close(stopper) } else if !isStopped { watchEnded.open() }
      isStopped = true
      defer { listeners = [:] }
      return Array(listeners.values)
    }
    for listener in ended { listener.finish() }
  }

  /// Ends all streams; returns when the watch has ended.
  func stop() async {
    letGo()
    await watchEnded.wait()
  }

  /// Starts the watching thread; without one, listeners are still notified by this process and check by themselves now
  /// and then.
  private func startWatching() {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let (reading, writing) = (ends[0], ends[1])
    do {
      try DedicatedThread.start(for: path) { [weak self, path, connect, watchEnded] in
        // Weak: a store that nobody closed must still be released, and this thread with it.
        let connection = try? connect()
        let version = { try? connection?.value("PRAGMA data_version", as: Int64.self) }
        WALWatcher(of: path, untilClosed: reading, version: version) { self?.ring() }?.run()
        connection?.close()
        close(reading)
        watchEnded.open()
      }
      stopper = writing
    } catch {
      close(reading)
      close(writing)
    }
  }
}
