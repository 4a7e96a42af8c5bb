package import Glibc

/// A thread for code that blocks, so that the cooperative pool never does.
package enum DedicatedThread {
  /// The thread's code, in a box that C can pass on.
  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Why the system created no thread.
  package struct Failure: Error, CustomStringConvertible {
    /// The `errno` number.
    package let number: Int32
    /// The system's message.
    package var description: String { String(cString: strerror(number)) }
  }

  /// Runs `body` on a new thread that ends with it and need not be joined.
  package static func start(_ body: @escaping @Sendable () -> Void) throws(Failure) {
    pthread_detach(try startJoinable(body))
  }

  /// Runs `body` on a new thread that ends with it; the caller must join it.
  package static func startJoinable(_ body: @escaping @Sendable () -> Void) throws(Failure) -> pthread_t {
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
      throw Failure(number: result)
    }
    return thread
  }
}
