import Glibc
import JobQueue

// @unchecked is sound: `connection` is touched by the one thread that `start` makes and, before that thread exists, by
// the caller of `init`; the mailbox locks itself.
/// A thread with a connection of its own: SQLite blocks, and the cooperative pool must not.
final class DatabaseThread: @unchecked Sendable {
  /// One operation that waits for its turn.
  struct Work {
    /// Does it and keeps the result; an error is the operation's own and is kept as well.
    let run: (Connection) throws -> Void
    /// Gives the kept result to who waits, or the error of the commit.
    let finish: (JobStoreError?) -> Void
  }

  /// How the thread works off what waits.
  enum Mode {
    /// Everything that waits goes into one transaction and one commit; each operation can fail alone.
    case writing
    /// Each operation sees one unchanging view.
    case reading
  }

  /// At most so many operations share a commit, so that the first does not wait for ever.
  private static let largestGroup = 1000

  private let connection: Connection
  private let mode: Mode
  private let mailbox = Mailbox<Work>()
  private let committed: @Sendable () -> Void
  private let counter = Counter()

  /// How many transactions were committed for writing; for tests of shared commits.
  var commits: Int { counter.value }

  init(_ connection: Connection, mode: Mode, committed: @escaping @Sendable () -> Void = {}) {
    self.connection = connection
    self.mode = mode
    self.committed = committed
  }

  /// Starts the thread. It holds this object until the mailbox is closed and empty.
  func start() throws {
    let box = Unmanaged.passRetained(self)
    var thread = pthread_t()
    let result = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<DatabaseThread>.fromOpaque(context).takeRetainedValue().work()
        return nil
      }, box.toOpaque())
    guard result == 0 else {
      box.release()
      throw JobStoreError(
        code: .unavailable, operation: "open", target: connection.path,
        cause: "no thread can be made: \(String(cString: strerror(result)))")
    }
    pthread_detach(thread)
  }

  /// Runs an operation on the thread and returns when it is committed.
  func perform<Result: Sendable>(
    _ operation: String, _ body: @escaping @Sendable (Connection) throws -> Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      let path = connection.path
      var kept: Swift.Result<Result, any Error>?
      let work = Work(
        run: { connection in
          do {
            kept = .success(try body(connection))
          } catch {
            kept = .failure(Self.storeError(error, operation, path))
            throw error
          }
        },
        finish: { failure in
          if case .failure(let own)? = kept { return continuation.resume(throwing: own) }
          if let failure {
            var named = failure
            named.operation = operation
            return continuation.resume(throwing: named)
          }
          guard let kept else { return continuation.resume(throwing: Self.closed(operation, path)) }
          continuation.resume(with: kept)
        })
      if !mailbox.put(work) { continuation.resume(throwing: Self.closed(operation, path)) }
    }
  }

  /// Lets what waits be worked off, then closes the connection.
  func close() async {
    await withCheckedContinuation { continuation in
      let last = Work(
        run: { _ in },
        finish: { _ in continuation.resume() })
      if mailbox.put(last) { mailbox.close() } else { continuation.resume() }
    }
  }

  private func work() {
    while let group = mailbox.take(limit: mode == .writing ? Self.largestGroup : 1) {
      switch mode {
      case .writing: write(group)
      case .reading: read(group)
      }
    }
    connection.close()
  }

  private func write(_ group: [Work]) {
    var failure: JobStoreError?
    do {
      try connection.immediately {
        for work in group {
          // An error that ended the whole transaction spoils every operation of the group.
          do { try connection.apart { try work.run(connection) } } catch  where connection.isInTransaction {}
        }
      }
    } catch {
      failure = Self.storeError(error, "write", connection.path)
    }
    if failure == nil {
      counter.increment()
      committed()
    }
    for work in group { work.finish(failure) }
  }

  private func read(_ group: [Work]) {
    for work in group {
      var failure: JobStoreError?
      do {
        try connection.snapshot { try work.run(connection) }
      } catch {
        failure = Self.storeError(error, "read", connection.path)
      }
      work.finish(failure)
    }
  }

  private static func storeError(_ error: any Error, _ operation: String, _ path: String) -> JobStoreError {
    switch error {
    case let error as JobStoreError: error
    case let error as SQLiteFailure: error.storeError(operation: operation, path: path)
    default: JobStoreError(code: .unavailable, operation: operation, target: path, cause: "\(error)")
    }
  }

  private static func closed(_ operation: String, _ path: String) -> JobStoreError {
    JobStoreError(code: .unavailable, operation: operation, target: path, cause: "the store is closed")
  }
}
