import Glibc
import JobQueue

/// A thread for something that blocks, so that the cooperative pool never does.
enum OwnThread {
  /// What the thread runs, in a box that C can carry.
  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Runs `body` on a new thread that ends with it.
  /// - Throws: ``JobStoreError`` `unavailable` when the system makes no more threads; then `body` does not run.
  static func start(for path: String, _ body: @escaping @Sendable () -> Void) throws {
    let box = Unmanaged.passRetained(Body(body))
    var thread = pthread_t()
    let result = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, box.toOpaque())
    guard result == 0 else {
      box.release()
      throw JobStoreError(
        code: .unavailable, operation: "open", target: path,
        cause: "no thread can be made: \(String(cString: strerror(result)))",
        hint: "raise the limit of processes and threads (ulimit -u)")
    }
    pthread_detach(thread)
  }
}
