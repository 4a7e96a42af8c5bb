import CSQLite
import JobQueue

/// The result of an application's statement.
struct ApplicationAnswer {
  var rows: [SQLiteRow] = []
  /// How many rows it changed itself.
  var changes = 0
}

extension Connection {
  /// The guard of this connection. Call ``letApplicationsIn(mayWrite:)`` first.
  func statementGuard() throws -> StatementGuard {
    guard let applicationGuard else { throw SQLiteFailure(code: SQLITE_NOMEM) }
    return applicationGuard
  }

  /// Sets the guard, before the first statement of an application. Outside any transaction: SQLite compiles all
  /// statements again afterwards, and in a transaction there may be no memory left for a ROLLBACK.
  func letApplicationsIn(mayWrite: Bool) throws {
    guard applicationGuard == nil else { return }
    let made = StatementGuard(
      names: try all(ApplicationNames.others) { try $0.next(String.self) }, mayWrite: mayWrite)
    // The connection keeps it alive for as long as SQLite may call it.
    applicationGuard = made
    mayLackRollback = true
    sqlite3_set_authorizer(
      handle,
      { context, action, first, second, _, _ in
        guard let context else { return SQLITE_DENY }
        return Unmanaged<StatementGuard>.fromOpaque(context).takeUnretainedValue().verdict(
          action, first.map { String(cString: $0) } ?? "", second.map { String(cString: $0) } ?? "")
      }, Unmanaged.passUnretained(made).toOpaque())
  }

  /// Runs one statement of an application.
  /// - Throws: ``JobStoreError``: `invalid` for an error in the statement itself.
  func runApplication(
    _ sql: String, _ values: [SQLiteValue], under watch: StatementGuard
  ) throws -> ApplicationAnswer {
    do {
      return try watch.watching { try runApplication(sql, values) }
    } catch let failure as SQLiteFailure {
      switch failure.primaryCode {
      case SQLITE_ERROR, SQLITE_AUTH, SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_RANGE, SQLITE_TOOBIG, SQLITE_SCHEMA:
        throw JobStoreError.ofApplication(sql, watch.refusal ?? "\(failure.message) (SQLite \(failure.code))")
      default: throw failure.storeError(operation: "transaction", path: path)
      }
    }
  }

  private func runApplication(_ sql: String, _ values: [SQLiteValue]) throws -> ApplicationAnswer {
    let statement = try prepareApplication(sql)
    defer { sqlite3_finalize(statement) }
    guard Int(sqlite3_bind_parameter_count(statement)) == values.count else {
      throw JobStoreError.ofApplication(
        sql, "it has \(sqlite3_bind_parameter_count(statement)) parameters but got \(values.count) values")
    }
    for (index, value) in values.enumerated() {
      guard value.bind(to: statement, at: Int32(index + 1)) == SQLITE_OK else { throw failure() }
    }
    let columns = (0..<sqlite3_column_count(statement)).map { column in
      sqlite3_column_name(statement, column).map { String(cString: $0) } ?? ""
    }
    var answer = ApplicationAnswer()
    let before = totalChanges
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW:
        let values = columns.indices.map { SQLiteValue.read(from: statement, at: Int32($0)) }
        answer.rows.append(SQLiteRow(columns: columns, values: values))
      case SQLITE_DONE:
        // For a statement that changes nothing, SQLite keeps the number of the previous one.
        answer.changes = totalChanges == before ? 0 : handle.map { Int(sqlite3_changes($0)) } ?? 0
        return answer
      default: throw failure()
      }
    }
  }

  /// Whether a foreign key is broken that only a COMMIT would check. It would make the other operations of the same
  /// commit fail.
  func hasBrokenForeignKey() -> Bool {
    var (current, highest): (Int32, Int32) = (0, 0)
    guard let handle,
      sqlite3_db_status(handle, SQLITE_DBSTATUS_DEFERRED_FKS, &current, &highest, 0) == SQLITE_OK
    else { return false }
    return current != 0
  }

  private func prepareApplication(_ sql: String) throws -> OpaquePointer {
    guard let handle else { throw SQLiteFailure(code: SQLITE_MISUSE) }
    guard !sql.utf8.contains(0) else { throw JobStoreError.ofApplication(sql, "it contains a NUL byte") }
    var statement: OpaquePointer?
    let hasMore = try sql.withCString { text in
      var rest: UnsafePointer<CChar>?
      guard sqlite3_prepare_v2(handle, text, -1, &statement, &rest) == SQLITE_OK else { throw failure() }
      return rest.map { String(cString: $0).contains { !$0.isWhitespace && $0 != ";" } } ?? false
    }
    guard let statement, !hasMore else {
      sqlite3_finalize(statement)
      throw JobStoreError.ofApplication(sql, "it is not a single statement")
    }
    return statement
  }

  private func failure() -> SQLiteFailure {
    handle.map(SQLiteFailure.init(of:)) ?? SQLiteFailure(code: SQLITE_MISUSE)
  }
}

extension JobStoreError {
  /// The error for an application's statement that cannot be run.
  static func ofApplication(_ sql: String, _ cause: String, hint: String? = nil) -> JobStoreError {
    JobStoreError(code: .invalid, operation: "transaction", target: "'\(sql.prefix(200))'", cause: cause, hint: hint)
  }
}
