import Glibc
import JobQueue

// @unchecked is sound: `body` is set once, before the thread exists, and called once, by the thread.
/// Runs something that blocks on a thread that ends with it.
final class Opener: @unchecked Sendable {
  private let body: () -> Void

  init(_ body: @escaping () -> Void) {
    self.body = body
  }

  func start() throws {
    let box = Unmanaged.passRetained(self)
    var thread = pthread_t()
    let result = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<Opener>.fromOpaque(context).takeRetainedValue().body()
        return nil
      }, box.toOpaque())
    guard result == 0 else {
      box.release()
      throw JobStoreError(
        code: .unavailable, operation: "open", target: "thread",
        cause: "no thread can be made: \(String(cString: strerror(result)))")
    }
    pthread_detach(thread)
  }
}
