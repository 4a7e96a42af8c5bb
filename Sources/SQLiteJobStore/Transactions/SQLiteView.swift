import JobQueue

/// One unchanging view of an application's tables in the queue file.
///
/// It is of use only inside of the closure that was given to ``SQLiteJobStore/read(_:)``.
public final class SQLiteView {
  private let connection: Connection
  private let statements: StatementGuard
  private var isOver = false

  init(on connection: Connection) throws {
    self.connection = connection
    statements = try connection.statementGuard()
  }

  /// The rows of one statement on the application's tables.
  /// - Parameters:
  ///   - sql: the statement; its parameters are `?1`, `?2`, …
  ///   - values: what stands for the parameters, as many as there are.
  /// - Throws: `JobStoreError` `invalid` when it is wrong, or touches what is not the application's; or a failure of the
  ///   store.
  public func rows(_ sql: String, _ values: SQLiteValue...) throws -> [SQLiteRow] {
    guard !isOver else { throw JobStoreError.ofApplication(sql, "the view is over") }
    return try connection.runApplication(sql, values, under: statements).rows
  }

  /// Of no use any more.
  func end() { isOver = true }
}
