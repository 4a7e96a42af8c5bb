import JobQueue

/// One unchanging view of an application's tables in the queue file.
///
/// It is valid only inside the closure that was passed to ``SQLiteJobStore/read(_:)``.
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
  ///   - values: the values of the parameters, one for each.
  /// - Throws: `JobStoreError` `invalid` if the statement is wrong, or touches anything that is not the application's;
  ///   or a failure of the store.
  public func rows(_ sql: String, _ values: SQLiteValue...) throws -> [SQLiteRow] {
    guard !isOver else { throw JobStoreError.ofApplication(sql, "the view is over") }
    return try connection.runApplication(sql, values, under: statements).rows
  }

  /// Makes it invalid.
  func end() { isOver = true }
}
