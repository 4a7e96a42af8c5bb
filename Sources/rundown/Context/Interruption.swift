import Glibc
import UnixSignals

/// Ctrl-C while a command only waits.
enum Interruption {
  /// Runs something that may be interrupted at any time; on Ctrl-C it says what that means and ends.
  /// - Throws: ``CommandError`` 130 after Ctrl-C; whatever `body` throws.
  static func guarded<Result: Sendable>(
    _ words: String, _ body: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
    return try await withThrowingTaskGroup(of: Result.self) { group in
      group.addTask { try await body() }
      group.addTask {
        for await _ in signals {
          throw CommandError(status: .interrupted, code: "interrupted", message: "stopped waiting", help: words)
        }
        throw CancellationError()
      }
      defer { group.cancelAll() }
      guard let result = try await group.next() else { throw CancellationError() }
      return result
    }
  }
}
