public import JobQueue

extension SQLiteJobStore {
  /// Changes an application's own tables and enqueues jobs, all in one commit of the store.
  ///
  /// The tables live in the queue file, under names that begin with `app_`. When this returns, everything is on disk,
  /// and workers are woken; if it throws, nothing has happened, except with `outcomeUnknown`.
  ///
  /// ```swift
  /// try await store.transaction(at: clock.now()) { transaction in
  ///   try transaction.execute("INSERT INTO app_order (number, total) VALUES (?1, ?2)", 4711, 9900)
  ///   _ = try transaction.enqueue(SendInvoice(number: 4711))
  /// }
  /// ```
  ///
  /// The closure runs while this process has the turn to write, and every other one waits: it should only change
  /// tables. It may run more than once, if another operation in its commit fails, and at most one run is committed; so
  /// it must change nothing outside the transaction.
  /// - Parameters:
  ///   - now: when the jobs are enqueued.
  ///   - body: what to do. An error that it throws undoes all of it.
  /// - Returns: what the closure returned.
  /// - Throws: what the closure threw, or `JobStoreError`.
  @discardableResult
  public func transaction<Result: Sendable>(
    at now: Timestamp, _ body: @escaping @Sendable (SQLiteTransaction) throws -> Result
  ) async throws -> Result {
    guard case .writing = writer.mode else {
      throw JobStoreError(
        code: .readOnly, operation: "transaction", target: path, cause: "the store was opened for reading only")
    }
    let letIn: @Sendable (Connection) throws -> Result? = { connection in
      try connection.letApplicationsIn(mayWrite: true)
      return nil
    }
    return try await writer.perform("transaction", wakes: true, fastPath: letIn) { connection in
      let transaction = try SQLiteTransaction(on: connection, at: now)
      defer { transaction.end() }
      let result: Result
      do { result = try body(transaction) } catch { throw ApplicationError(error: error) }
      try transaction.finish()
      return result
    }
  }

  /// Reads an application's own tables in one unchanging view; never waits for writers.
  /// - Parameter body: the reading code.
  /// - Returns: what the closure returned.
  /// - Throws: what the closure threw, or `JobStoreError`.
  public func read<Result: Sendable>(
    _ body: @escaping @Sendable (SQLiteView) throws -> Result
  ) async throws -> Result {
    try await reader.perform("read") { connection in
      try connection.letApplicationsIn(mayWrite: false)
      let view = try SQLiteView(on: connection)
      defer { view.end() }
      do { return try body(view) } catch { throw ApplicationError(error: error) }
    }
  }
}

/// An error of an application's own closure: it is passed on unchanged.
struct ApplicationError: Error {
  let error: any Error
}
