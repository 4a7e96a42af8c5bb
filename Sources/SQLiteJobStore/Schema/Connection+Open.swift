import JobQueue

extension Connection {
  /// Brings the settings of this connection about and reads them back.
  func configure(readOnly: Bool) throws {
    let mode: String? = try patiently { try value("PRAGMA journal_mode = WAL") }
    guard mode == "wal" || readOnly else {
      throw unusable("it cannot be switched to write-ahead logging", hint: "keep it on a local file system")
    }
    try execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF")
    let synchronous: Int64? = try value("PRAGMA synchronous")
    let foreignKeys: Int64? = try value("PRAGMA foreign_keys")
    let full: Int64 = 2
    guard synchronous == full, foreignKeys == 1 else {
      throw unusable("the SQLite library does not take the settings that durability needs", hint: nil)
    }
    if readOnly { try execute("PRAGMA query_only = ON") }
  }

  /// Refuses a file that is not ours or of a newer program, and brings an older one up.
  func migrate(identity: () -> String) throws {
    guard try pending() > 0 else { return }
    try immediately {
      // Another process may have been quicker.
      guard try pending() > 0 else { return }
      let seen = Int(try value("PRAGMA user_version", as: Int64.self) ?? 0)
      for migration in Schema.migrations.dropFirst(seen) { try execute(migration) }
      if seen == 0 {
        try execute("PRAGMA application_id = \(Schema.applicationID)")
        try run("INSERT INTO meta VALUES ('identity', ?1)", identity())
      }
      try execute("PRAGMA user_version = \(Schema.migrations.count)")
    }
  }

  /// How many migrations the file has not seen.
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
        cause: "the file has version \(version), this program knows up to \(Schema.migrations.count)",
        hint: "use the newer program that wrote it")
    }
    return Schema.migrations.count - Int(version)
  }

  private var notOurs: JobStoreError {
    JobStoreError(
      code: .corrupt, operation: "open", target: path, cause: "this is a database, but not a queue of ours",
      hint: "name another file")
  }

  private func unusable(_ cause: String, hint: String?) -> JobStoreError {
    JobStoreError(code: .unavailable, operation: "open", target: path, cause: cause, hint: hint)
  }
}
