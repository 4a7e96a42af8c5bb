import JobQueue
import Threading

extension DedicatedThread {
  /// Starts a thread of the store at `path`.
  /// - Throws: ``JobStoreError`` `unavailable` if the system cannot create more threads; then `body` does not run.
  static func start(for path: String, _ body: @escaping @Sendable () -> Void) throws {
    do {
      try start(body)
    } catch {
      throw JobStoreError(
        code: .unavailable, operation: "open", target: path, cause: "cannot create a thread: \(error)",
        hint: "raise the limit on processes and threads (ulimit -u)")
    }
  }

  /// Runs `body`, which blocks, on a thread of its own.
  static func run<Result: Sendable>(
    for path: String, _ body: @escaping @Sendable () throws -> Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      do {
        try start(for: path) { continuation.resume(with: Swift.Result { try body() }) }
      } catch {
        continuation.resume(throwing: error)
      }
    }
  }
}
