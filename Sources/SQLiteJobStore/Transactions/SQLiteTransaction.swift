public import JobQueue

/// The store's transaction as an application sees it: its own tables and the jobs change in one commit, or not at all.
///
/// It is valid only inside the closure that was passed to ``SQLiteJobStore/transaction(at:_:)``.
public final class SQLiteTransaction {
  private let connection: Connection
  private let statements: StatementGuard
  private let now: Timestamp
  /// Increases with each change of the schema.
  private let schema: Int64?
  private var isOver = false

  init(on connection: Connection, at now: Timestamp) throws {
    self.connection = connection
    self.now = now
    statements = try connection.statementGuard()
    schema = try connection.value(ApplicationNames.schema)
  }

  /// Runs one statement on the application's tables, whose names begin with `app_`.
  /// - Parameters:
  ///   - sql: the statement; its parameters are `?1`, `?2`, …
  ///   - values: the values of the parameters, one for each.
  /// - Returns: how many rows it changed itself, not counting changes by triggers and foreign keys.
  /// - Throws: `JobStoreError` `invalid` if the statement is wrong, breaks a constraint, or touches anything that is
  ///   not the application's; or a failure of the store.
  @discardableResult
  public func execute(_ sql: String, _ values: SQLiteValue...) throws -> Int {
    try run(sql, values).changes
  }

  /// The rows of one statement on the application's tables.
  /// - Parameters:
  ///   - sql: the statement; its parameters are `?1`, `?2`, …
  ///   - values: the values of the parameters, one for each.
  /// - Throws: as ``execute(_:_:)`` does.
  public func rows(_ sql: String, _ values: SQLiteValue...) throws -> [SQLiteRow] {
    try run(sql, values).rows
  }

  /// Inserts jobs and writes records. Others see them only after the transaction is committed.
  ///
  /// If it throws, nothing of this call is done; what the transaction did before stays, for a closure that continues.
  /// - Parameters:
  ///   - jobs: the jobs.
  ///   - records: records to write with them.
  /// - Returns: one receipt per job, in order.
  /// - Throws: as `EnqueueStore.enqueue(_:recording:at:)` does.
  public func enqueue(_ jobs: [NewJob], recording records: [RecordWrite] = []) throws -> [EnqueueReceipt] {
    try requireOpen("enqueue")
    let batch = try EnqueueBatch(jobs, recording: records, at: now)
    guard !batch.isEmpty else { return [] }
    return try connection.nested { try batch.insert(on: connection) }
  }

  /// Inserts one typed job. Others see it only after the transaction is committed.
  /// - Parameters:
  ///   - parameters: the parameters of the job.
  ///   - options: when and how it is to run.
  ///   - records: records to write with it.
  /// - Throws: `InvalidParameters`, or as ``enqueue(_:recording:)`` does.
  public func enqueue(
    _ parameters: some JobParameters, _ options: EnqueueOptions = EnqueueOptions(),
    recording records: [RecordWrite] = []
  ) throws -> EnqueueReceipt {
    let issues = parameters.validate()
    guard issues.isEmpty else { throw InvalidParameters(kind: type(of: parameters).kind, issues: issues) }
    return try enqueue([parameters.newJob(options)], recording: records)[0]
  }

  /// Ends the application's part. Errors that would only show at the end of the transaction are checked now, while this
  /// part can still be undone alone.
  func finish() throws {
    try requireOpen("transaction")
    isOver = true
    guard !connection.hasBrokenForeignKey() else {
      throw failed("a foreign key of its tables refers to a missing row")
    }
    guard try connection.value(ApplicationNames.schema) != schema else { return }
    // ALTER TABLE may rename a table, which SQLite does not report beforehand.
    let names = try connection.all(ApplicationNames.others) { try $0.next(String.self) }
    if let strange = names.first(where: { !statements.knows($0) }) {
      throw failed("'\(strange)' does not start with \(ApplicationNames.prefix)")
    }
    if let table = try connection.value(ApplicationNames.references, as: String.self) {
      throw failed(
        "the table '\(table)' refers to a table of the store", hint: "store the job's number without REFERENCES")
    }
    // The file's notes about its log contain the current schema's cookie, and only changing a row begins a log.
    try connection.keepClosing(isNew: false)
    try connection.run(ApplicationNames.touch)
  }

  /// Makes it invalid.
  func end() { isOver = true }

  private func run(_ sql: String, _ values: [SQLiteValue]) throws -> ApplicationAnswer {
    try requireOpen("transaction")
    return try connection.runApplication(sql, values, under: statements)
  }

  /// A statement may have rolled back the transaction (`ON CONFLICT ROLLBACK`, a full disk): the next statement would
  /// be committed on its own.
  private func requireOpen(_ operation: String) throws {
    guard !isOver else { throw failed("it is over") }
    guard connection.isInTransaction else { throw failed("a statement rolled it back") }
  }

  private func failed(_ cause: String, hint: String? = nil) -> JobStoreError {
    JobStoreError(code: .invalid, operation: "transaction", target: connection.path, cause: cause, hint: hint)
  }
}
