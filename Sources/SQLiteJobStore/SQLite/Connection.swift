import CSQLite

/// One connection to a database file. Not Sendable: it belongs to one thread at a time.
final class Connection {
  /// The file, for errors.
  let path: String
  /// SQLite's own handle; for tests that observe it from below.
  private(set) var handle: OpaquePointer?
  private let busyHandler: BusyHandler
  private var statements: [String: Statement] = [:]
  /// Restricts the statements of an application to its own tables; once it is set, SQLite asks it.
  var applicationGuard: StatementGuard?
  /// Whether SQLite may have to compile ROLLBACK again, for which there may be no memory when it is needed: it
  /// considers compiled statements outdated when an authorizer is set, and when a change of the schema is rolled back.
  var mayLackRollback = false
  /// See ``logBelongsToDatabase(isProven:)``.
  var knownMetaRoot: KnownRoot?

  /// Opens an existing file.
  /// - Parameter isAlone: whether to read only the file, ignoring its log, and to open, create or lock nothing beside
  ///   it. Only while nobody writes.
  init(path: String, busyHandler: BusyHandler, isAlone: Bool = false) throws {
    self.path = path
    self.busyHandler = busyHandler
    var opened: OpaquePointer?
    let flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE
    let result =
      isAlone
      ? sqlite3_open_v2(Self.immutable(path), &opened, flags | SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, nil)
      : sqlite3_open_v2(path, &opened, flags | SQLITE_OPEN_READWRITE, nil)
    guard result == SQLITE_OK, let opened else {
      let failure = opened.map(SQLiteFailure.init(of:)) ?? SQLiteFailure(code: result)
      sqlite3_close_v2(opened)
      throw failure
    }
    handle = opened
    // Both happen on their own and by path, which may be another file's by then: see ``LogKeeper``.
    csqlite_checkpoint_on_close(opened, 0)
    sqlite3_wal_autocheckpoint(opened, 0)
    guard RowBatchTable.register(on: opened) == SQLITE_OK else {
      throw SQLiteFailure(of: opened)
    }
    sqlite3_busy_handler(
      opened,
      { busyHandler, round in
        guard let busyHandler else { return 0 }
        return Unmanaged<BusyHandler>.fromOpaque(busyHandler).takeUnretainedValue().waitOnce(round: Int(round)) ? 1 : 0
      }, Unmanaged.passUnretained(busyHandler).toOpaque())
  }

  /// The path as a URI that makes SQLite assume that nobody changes the file.
  private static func immutable(_ path: String) -> String {
    let escapes = ["%": "%25", "?": "%3f", "#": "%23"]
    return "file:" + path.map { escapes[String($0)] ?? String($0) }.joined() + "?immutable=1"
  }

  deinit {
    close()
  }

  /// Closes the connection; every later use fails.
  /// - Parameter removesLog: whether to copy the log into the file and delete it if nobody else has the file open.
  func close(removesLog: Bool = false) {
    statements = [:]
    if removesLog, let handle { csqlite_checkpoint_on_close(handle, 1) }
    sqlite3_close_v2(handle)
    handle = nil
  }

  /// Whether the file could only be opened for reading.
  var isReadOnly: Bool {
    handle.map { sqlite3_db_readonly($0, "main") == 1 } ?? true
  }

  /// Copies the log's content into the file, up to what others still read from it.
  func checkpoint() throws {
    let handle = try open()
    guard sqlite3_wal_checkpoint_v2(handle, "main", SQLITE_CHECKPOINT_PASSIVE, nil, nil) == SQLITE_OK else {
      throw SQLiteFailure(of: handle)
    }
  }

  /// Copies this connection's view of the database into another one.
  /// - Parameter progress: called from time to time with the share that is copied.
  func copy(into other: Connection, progress: (Double) -> Void) throws {
    let target = try other.open()
    guard let backup = sqlite3_backup_init(target, "main", try open(), "main") else { throw SQLiteFailure(of: target) }
    var result = SQLITE_OK
    while result == SQLITE_OK {
      result = sqlite3_backup_step(backup, 1024)
      let all = sqlite3_backup_pagecount(backup)
      if all > 0 { progress(Double(all - sqlite3_backup_remaining(backup)) / Double(all)) }
    }
    guard sqlite3_backup_finish(backup) == SQLITE_OK, result == SQLITE_DONE else { throw SQLiteFailure(of: target) }
  }

  /// Whether a transaction is open.
  var isInTransaction: Bool {
    handle.map { sqlite3_get_autocommit($0) == 0 } ?? false
  }

  /// How many rows were changed since the connection was opened.
  var totalChanges: Int64 {
    handle.map(sqlite3_total_changes64) ?? 0
  }

  /// Retries `body` while it fails because of a lock for which SQLite does not call the busy handler.
  func retryingWhenBusy<Result>(_ body: () throws -> Result) throws -> Result {
    var round = 0
    while true {
      do {
        return try body()
      } catch let failure as SQLiteFailure where failure.primaryCode == SQLITE_BUSY {
        guard busyHandler.waitOnce(round: round) else { throw failure }
        round += 1
      }
    }
  }

  /// Runs statements that take no values and return no rows.
  func execute(_ script: String) throws {
    let handle = try open()
    guard sqlite3_exec(handle, script, nil, nil, nil) == SQLITE_OK else {
      throw SQLiteFailure(of: handle)
    }
  }

  /// Runs a statement.
  /// - Returns: how many rows it changed itself, not counting changes by triggers and foreign keys.
  @discardableResult
  func run<each Value: BoundValue>(_ sql: String, _ values: repeat each Value) throws -> Int {
    let statement = try prepared(sql)
    try statement.bind(repeat each values)
    try statement.forEachRow { _ in }
    return Int(sqlite3_changes(try open()))
  }

  /// Runs a statement that inserts one row, or none: the first row of a batch, whose values precede the others.
  /// - Returns: the row's number; nil if there was a conflict for which the statement does nothing.
  func insert<each Value: BoundValue>(_ sql: String, row: RowBatch, _ values: repeat each Value) throws -> Int64? {
    let statement = try prepared(sql)
    try statement.bind(row: row, repeat each values)
    try statement.forEachRow { _ in }
    let handle = try open()
    // RETURNING would give the same result, but build a table in memory for it.
    return sqlite3_changes(handle) == 1 ? sqlite3_last_insert_rowid(handle) : nil
  }

  /// The rows of a statement.
  func all<each Value: BoundValue, Element>(
    _ sql: String, _ values: repeat each Value, row read: (inout Row) throws -> Element
  ) throws -> [Element] {
    let statement = try prepared(sql)
    try statement.bind(repeat each values)
    return try rows(of: statement, read)
  }

  /// The rows of a statement that was built for one query and is not kept.
  func all<Element>(
    once sql: String, list values: [any ColumnValue], row read: (inout Row) throws -> Element
  ) throws -> [Element] {
    let statement = try Statement(sql, on: try open())
    try statement.bind(list: values)
    return try rows(of: statement, read)
  }

  /// The first row of a statement.
  func first<each Value: BoundValue, Element>(
    _ sql: String, _ values: repeat each Value, row read: (inout Row) throws -> Element
  ) throws -> Element? {
    let statement = try prepared(sql)
    try statement.bind(repeat each values)
    var found: Element?
    // To the end even if one row is enough: a statement with RETURNING must not be left halfway.
    try statement.forEachRow { row in
      if found == nil { found = try read(&row) }
    }
    return found
  }

  /// The first column of the first row.
  func value<each Value: BoundValue, Element: ColumnValue>(
    _ sql: String, _ values: repeat each Value, as type: Element.Type = Element.self
  ) throws -> Element? {
    try first(sql, repeat each values) { try $0.next(type) }
  }

  /// How many steps the kept statements took; for tests of what an operation costs.
  var steps: Int { statements.values.reduce(0) { $0 + $1.steps } }

  private func rows<Element>(of statement: Statement, _ read: (inout Row) throws -> Element) throws -> [Element] {
    var elements: [Element] = []
    try statement.forEachRow { elements.append(try read(&$0)) }
    return elements
  }

  /// Compiles a statement before it is needed.
  func keep(_ sql: String) throws { _ = try prepared(sql) }

  /// Compiles it again if it may be outdated.
  func renew(_ sql: String) throws {
    statements[sql] = nil
    try keep(sql)
  }

  private func prepared(_ sql: String) throws -> Statement {
    if let statement = statements[sql] { return statement }
    let statement = try Statement(sql, on: try open())
    statements[sql] = statement
    return statement
  }

  private func open() throws -> OpaquePointer {
    guard let handle else {
      throw SQLiteFailure(code: SQLITE_MISUSE)
    }
    return handle
  }
}
