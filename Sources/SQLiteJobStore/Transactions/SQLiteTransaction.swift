public import JobQueue

/// The store's transaction, in the hands of an application: its own tables and the jobs change in one commit, or not at
/// all.
///
/// It is of use only inside of the closure that was given to ``SQLiteJobStore/transaction(at:_:)``.
public final class SQLiteTransaction {
  private let connection: Connection
  private let statements: StatementGuard
  private let now: Timestamp
  /// Grows with each change of the schema.
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
  ///   - values: what stands for the parameters, as many as there are.
  /// - Returns: how many rows it changed itself, not counting those of triggers and foreign keys.
  /// - Throws: `JobStoreError` `invalid` when it is wrong, breaks a constraint, or touches what is not the application's; or
  ///   a failure of the store.
  @discardableResult
  public func execute(_ sql: String, _ values: SQLiteValue...) throws -> Int {
    try run(sql, values).changes
  }

  /// The rows of one statement on the application's tables.
  /// - Parameters:
  ///   - sql: the statement; its parameters are `?1`, `?2`, …
  ///   - values: what stands for the parameters, as many as there are.
  /// - Throws: as ``execute(_:_:)`` does.
  public func rows(_ sql: String, _ values: SQLiteValue...) throws -> [SQLiteRow] {
    try run(sql, values).rows
  }

  /// Inserts jobs, and writes records. They are there for others when the transaction is committed, and only then.
  ///
  /// When it throws nothing of this call is done; what the transaction did before stays, for a closure that goes on.
  /// - Parameters:
  ///   - jobs: what is to be done.
  ///   - records: what is written beside them.
  /// - Returns: one receipt per job, in order.
  /// - Throws: as `EnqueueStore.enqueue(_:recording:at:)` does.
  public func enqueue(_ jobs: [NewJob], recording records: [RecordWrite] = []) throws -> [EnqueueReceipt] {
    try requireOpen("enqueue")
    let batch = try EnqueueBatch(jobs, recording: records, at: now)
    guard !batch.isEmpty else { return [] }
    return try connection.nested { try batch.insert(on: connection) }
  }

  /// Inserts one typed job. It is there for others when the transaction is committed, and only then.
  /// - Parameters:
  ///   - parameters: what the job is to do.
  ///   - options: when and how it is to run.
  ///   - records: what is written beside it.
  /// - Throws: `InvalidParameters`, or as ``enqueue(_:recording:)`` does.
  public func enqueue(
    _ parameters: some JobParameters, _ options: EnqueueOptions = EnqueueOptions(),
    recording records: [RecordWrite] = []
  ) throws -> EnqueueReceipt {
    let issues = parameters.validate()
    guard issues.isEmpty else { throw InvalidParameters(kind: type(of: parameters).kind, issues: issues) }
    return try enqueue([parameters.newJob(options)], recording: records)[0]
  }

  /// Ends the application's part. What only the end of the transaction would show is looked at now, while this part can
  /// still be undone alone.
  func finish() throws {
    try requireOpen("transaction")
    isOver = true
    guard !connection.hasBrokenForeignKey() else {
      throw failed("a foreign key of its tables refers to a missing row")
    }
    guard try connection.value(ApplicationNames.schema) != schema else { return }
    // A table may get another name by ALTER TABLE, which SQLite does not tell before.
    let names = try connection.all(ApplicationNames.others) { try $0.next(String.self) }
    if let strange = names.first(where: { !statements.knows($0) }) {
      throw failed("'\(strange)' does not start with \(ApplicationNames.prefix)")
    }
    if let table = try connection.value(ApplicationNames.references, as: String.self) {
      throw failed(
        "the table '\(table)' refers to a table of the store", hint: "store the job's number without REFERENCES")
    }
    // The file's notes of its log name the schema that it has, and only who changes a row begins a log.
    try connection.keepClosing(isNew: false)
    try connection.run(ApplicationNames.touch)
  }

  /// Of no use any more.
  func end() { isOver = true }

  private func run(_ sql: String, _ values: [SQLiteValue]) throws -> ApplicationAnswer {
    try requireOpen("transaction")
    return try connection.runApplication(sql, values, under: statements)
  }

  /// A statement may have taken the transaction along (`ON CONFLICT ROLLBACK`, a full disk): what came next would be
  /// committed by itself.
  private func requireOpen(_ operation: String) throws {
    guard !isOver else { throw failed("it is over") }
    guard connection.isInTransaction else { throw failed("a statement rolled it back") }
  }

  private func failed(_ cause: String, hint: String? = nil) -> JobStoreError {
    JobStoreError(code: .invalid, operation: "transaction", target: connection.path, cause: cause, hint: hint)
  }
}
