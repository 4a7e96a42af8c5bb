import JobQueue

/// One operation that waits for its turn on a thread, with whoever waits for its result.
struct QueuedOperation {
  /// Whether jobs may be ready afterwards that were not before.
  let wakes: Bool
  private let tryAtOnce: (Connection) -> Bool
  private let body: (Connection) throws -> Void
  private let end: ((any Error)?) -> Void

  init<Result: Sendable>(
    _ operation: String, path: String, wakes: Bool, fastPath: @escaping (Connection) throws -> Result?,
    body: @escaping (Connection) throws -> Result, resume: @escaping (Swift.Result<Result, any Error>) -> Void
  ) {
    var kept: Swift.Result<Result, any Error>?
    self.wakes = wakes
    tryAtOnce = { connection in
      // An error here does not count yet: the operation itself will meet it, or not.
      guard let answer = try? fastPath(connection) else { return false }
      resume(.success(answer))
      return true
    }
    self.body = { connection in
      do {
        kept = .success(try body(connection))
      } catch {
        kept = .failure(error)
        throw error
      }
    }
    end = { failure in
      switch (kept, failure) {
      case (.failure(let own), _): resume(.failure(Self.storeError(own, operation, path)))
      case (_, let failure?): resume(.failure(Self.storeError(failure, operation, path)))
      case (.success(let result), nil): resume(.success(result))
      case (nil, nil): resume(.failure(Self.closed(operation, path)))
      }
    }
  }

  /// Whether the operation was answered without being run.
  func isAnswered(by connection: Connection) -> Bool { tryAtOnce(connection) }

  /// Runs the operation and keeps the result or the error.
  func run(on connection: Connection) throws { try body(connection) }

  /// Passes the kept result to the waiting caller, or else the error that the commit failed with.
  func finish(failure: (any Error)? = nil) { end(failure) }

  /// The error for a caller that comes too late.
  static func closed(_ operation: String, _ path: String) -> JobStoreError {
    JobStoreError(code: .unavailable, operation: operation, target: path, cause: "the store is closed")
  }

  private static func storeError(_ error: any Error, _ operation: String, _ path: String) -> any Error {
    switch error {
    case let error as ApplicationError: error.error
    case let error as JobStoreError: error
    case let error as SQLiteFailure: error.storeError(operation: operation, path: path)
    default: JobStoreError(code: .unavailable, operation: operation, target: path, cause: "\(error)")
    }
  }
}
