extension Connection {
  /// Runs `body` in one transaction that holds the write lock from its start.
  ///
  /// Never deferred: a transaction that reads before it writes cannot wait for the lock and fails immediately.
  func writeTransaction<Result>(_ body: () throws -> Result) throws -> Result {
    try endLeftTransaction()
    try run("BEGIN IMMEDIATE")
    return try ending(body)
  }

  /// Runs `body` on one unchanging view of the database.
  func readTransaction<Result>(_ body: () throws -> Result) throws -> Result {
    try endLeftTransaction()
    try run("BEGIN DEFERRED")
    return try ending(body)
  }

  /// Runs `body` so that it can fail alone inside the open transaction; its error is swallowed.
  /// - Throws: ``TransactionLost`` if the failure rolled back the whole transaction.
  func savepoint(_ body: () throws -> Void) throws {
    try run("SAVEPOINT operation")
    do {
      try body()
    } catch {
      guard isInTransaction else { throw TransactionLost() }
      noteRollback()
      try run("ROLLBACK TO operation")
    }
    try run("RELEASE operation")
  }

  /// Runs `body` inside the open transaction; if it throws, its changes are undone, and the rest stays.
  func nested<Result>(_ body: () throws -> Result) throws -> Result {
    try run("SAVEPOINT nested")
    do {
      let result = try body()
      try run("RELEASE nested")
      return result
    } catch {
      if isInTransaction {
        noteRollback()
        try run("ROLLBACK TO nested")
        try run("RELEASE nested")
      }
      throw error
    }
  }

  /// Without memory even a rollback can fail; nobody else could ever write again while the locks are held.
  private func endLeftTransaction() throws {
    if isInTransaction { try run("ROLLBACK") }
    guard mayLackRollback else { return }
    try renew("ROLLBACK")
    mayLackRollback = false
  }

  /// The schema can only have been changed where applications have access.
  private func noteRollback() {
    if applicationGuard != nil { mayLackRollback = true }
  }

  private func ending<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      let result = try body()
      do {
        try run("COMMIT")
      } catch let failure as SQLiteFailure {
        throw failure.ofCommit
      }
      return result
    } catch {
      // The first error is the one to report; if the rollback fails as well, it is done before the next transaction.
      noteRollback()
      if isInTransaction { _ = try? run("ROLLBACK") }
      throw error
    }
  }
}

/// After some errors, such as a full disk, SQLite has already rolled everything back.
struct TransactionLost: Error {}
