import CSQLite
import JobQueue

extension Connection {
  /// Applies the settings of this connection and reads back those that durability needs.
  /// - Throws: ``JobStoreError`` `readOnly` if the connection is for writing and the file system does not allow it.
  func configure(readOnly: Bool) throws {
    guard readOnly || !isReadOnly else {
      throw JobStoreError(
        code: .readOnly, operation: "open", target: path, cause: "this user may only read the file",
        hint: "the file and its directory must be writable by this user")
    }
    // A reader must not change the journal mode of the file, least of all that of another program.
    let mode: String? = try retryingWhenBusy {
      try value(readOnly ? "PRAGMA journal_mode" : "PRAGMA journal_mode = WAL")
    }
    guard mode == "wal" || readOnly else {
      throw unusable("it cannot be switched to write-ahead logging", hint: "keep it on a local file system")
    }
    // The file holds no secrets, so freed pages need not be zeroed; a log that once grew large is truncated.
    try execute(
      """
      PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;
      PRAGMA secure_delete = OFF; PRAGMA cache_size = -16000; PRAGMA journal_size_limit = 67108864
      """)
    let synchronous: Int64? = try value("PRAGMA synchronous")
    let foreignKeys: Int64? = try value("PRAGMA foreign_keys")
    let full: Int64 = 2
    guard synchronous == full, foreignKeys == 1 else {
      throw unusable("the SQLite library does not support settings that durability needs", hint: nil)
    }
    if readOnly { try execute("PRAGMA query_only = ON") }
    // Now, while there is memory for it: a transaction that cannot be undone keeps everybody else from writing.
    try keep("ROLLBACK")
  }

  /// Refuses a file that was moved or copied without its log; with the turn, so that nobody writes to it.
  /// - Throws: ``JobStoreError`` `missingLog`.
  static func requireLog(of path: String, _ mark: QueueMark?) throws {
    // A file that cannot be read this way is refused when it is opened, with a better reason.
    guard lacksLog(path, mark) == true else { return }
    throw Admission.withoutLog(path)
  }

  /// Whether the file by itself lacks what a log contains, or contained; nil if it cannot be read this way. With the
  /// turn.
  static func lacksLog(_ path: String, _ mark: QueueMark?) -> Bool? {
    guard let alone = try? looking(at: path, isAlone: true) else { return nil }
    return try? alone.readTransaction { try alone.lacksLog(mark) }
  }

  /// Whether the content of the file and of the log beside it proves that they belong together; with the turn, while
  /// nobody else has them open.
  static func provesLog(of path: String) -> Bool {
    guard let connection = try? looking(at: path) else { return false }
    return (try? connection.readTransaction { try connection.logBelongsToDatabase(isProven: true) }) == true
  }

  private static func looking(at path: String, isAlone: Bool = false) throws -> Connection {
    let busyHandler = BusyHandler(limit: .zero, random: SystemRandom(), pause: BlockingSleep.sleep)
    return try Connection(path: path, busyHandler: busyHandler, isAlone: isAlone)
  }

  /// Refuses a file that is not ours or is from a newer program, and upgrades an older one.
  /// - Parameter beforeWriting: runs in the transaction before anything is written.
  /// - Returns: whether there was anything to upgrade.
  func migrate(identity: () -> String, beforeWriting: () throws -> Void = {}) throws -> Bool {
    guard try readTransaction({ try pending() }) > 0 else { return false }
    return try writeTransaction {
      // Another process may have been faster.
      guard try pending() > 0 else { return false }
      try requireOwnLog()
      try beforeWriting()
      let seen = Int(try value("PRAGMA user_version", as: Int64.self) ?? 0)
      for migration in Schema.migrations.dropFirst(seen) { try execute(migration) }
      if seen == 0 {
        try execute("PRAGMA application_id = \(Schema.applicationID)")
        try run("INSERT INTO meta VALUES ('identity', ?1)", identity())
      }
      try execute("PRAGMA user_version = \(Schema.migrations.count)")
      try keepClosing(isNew: seen == 0)
      return true
    }
  }

  /// The store's name, for a file that needs no migration.
  /// - Parameter mayBeOlder: whether a file that needs one is accepted too, since it also has a name.
  func identity(mayBeOlder: Bool = false) throws -> String {
    try readTransaction {
      let isNew = try pending() > 0 && value("PRAGMA user_version", as: Int64.self) == 0
      guard try !isNew && (mayBeOlder || pending() == 0) else {
        throw unusable("the file was written by an older version", hint: "open it once for writing, which upgrades it")
      }
      try requireOwnLog()
      guard let identity: String = try value("SELECT value FROM meta WHERE key = 'identity'") else {
        throw SQLiteFailure(code: SQLITE_CORRUPT)
      }
      return identity
    }
  }

  /// Refuses a file that is not ours, or is from a newer program.
  func requireOurs() throws { _ = try readTransaction { try pending() } }

  private func requireOwnLog() throws {
    guard try !logBelongsToDatabase() else { return }
    throw Admission.refusal(of: path, isMissing: false)
  }

  /// How many migrations the file lacks. Only inside a transaction; otherwise the two values may be of different
  /// moments.
  private func pending() throws -> Int {
    let application: Int64 = try value("PRAGMA application_id") ?? 0
    let version: Int64 = try value("PRAGMA user_version") ?? 0
    if application == 0, version == 0 {
      let tables: Int64? = try value("SELECT count(*) FROM sqlite_schema")
      guard tables == 0 else { throw notOurs }
      return Schema.migrations.count
    }
    guard application == Schema.applicationID else { throw notOurs }
    guard version <= Schema.migrations.count else {
      throw JobStoreError(
        code: .tooNew, operation: "open", target: path,
        cause: "the file has version \(version), but this program only knows versions up to \(Schema.migrations.count)",
        hint: "use the newer version that wrote it")
    }
    return Schema.migrations.count - Int(version)
  }

  private var notOurs: JobStoreError {
    JobStoreError(
      code: .corrupt, operation: "open", target: path, cause: "this is a database, but not a Rundown queue file",
      hint: "choose another file")
  }

  private func unusable(_ cause: String, hint: String?) -> JobStoreError {
    JobStoreError(code: .unavailable, operation: "open", target: path, cause: cause, hint: hint)
  }
}
