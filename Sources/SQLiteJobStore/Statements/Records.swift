public import JobQueue

/// The statements of records.
enum RecordStatements {
  /// An existing record is replaced, except for the time when it was first written.
  static let upsert = """
    INSERT INTO record (collection, key, labels, value, job, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
    ON CONFLICT DO UPDATE SET labels = ?3, value = ?4, job = ?5, updated_at = ?6
    """

  /// The primary key decides whether it is new, never a look beforehand.
  static let insert = """
    INSERT INTO record (collection, key, labels, value, job, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
    ON CONFLICT DO NOTHING
    """

  private static let columns = "collection, key, labels, value, job, created_at, updated_at"

  /// Each label of ?3, a JSON object, is among the record's own.
  private static let hasLabels = """
    NOT EXISTS (
      SELECT 1 FROM json_each(?3) AS asked WHERE NOT EXISTS (
        SELECT 1 FROM json_each(labels) AS own WHERE own.key = asked.key AND own.value = asked.value))
    """

  static let remove = "DELETE FROM record WHERE collection = ?1 AND key = ?2 AND updated_at < ?3"

  static let one = "SELECT \(columns) FROM record WHERE collection = ?1 AND key = ?2 AND \(hasLabels)"

  /// A page from the key ?2 on, of the keys that begin with ?4: no text continues with the byte 255.
  static let page = """
    SELECT \(columns) FROM record WHERE collection = ?1 AND key >= ?2 AND key < ?4 || x'ff' AND \(hasLabels)
    ORDER BY key LIMIT ?5
    """
}

extension SQLiteJobStore {
  /// Writes records that no job writes.
  public func record(_ records: [RecordWrite], at now: Timestamp) async throws {
    try JobLimits.check(records, "record")
    guard !records.isEmpty else { return }
    try await writer.perform("record") { try $0.record(records, by: nil, "record", at: now) }
  }

  /// Removes records that were last written before a given time.
  public func removeRecords(
    _ keys: [String], of collection: String, writtenBefore moment: Timestamp
  ) async throws -> Int {
    try JobLimits.check(count: keys.count, of: "records", "removeRecords")
    guard !keys.isEmpty else { return 0 }
    return try await writer.perform("removeRecords") { connection in
      try keys.reduce(0) { try $0 + connection.run(RecordStatements.remove, collection, $1, moment) }
    }
  }

  /// Records of a collection, in the order of their keys.
  public func records(_ query: RecordQuery) async throws -> [Record] {
    let labels = try JSONText.encode(query.labels)
    let limit = JobLimits.clamped(query.limit)
    return try await reader.perform("records") { connection in
      if let key = query.key {
        guard limit > 0, query.admits(key) else { return [] }
        return try connection.all(RecordStatements.one, query.collection, key, labels, row: Record.read)
      }
      return try connection.all(
        RecordStatements.page, query.collection, query.firstKey, labels, query.prefix, limit, row: Record.read)
    }
  }
}

extension Connection {
  /// Writes records, all of which must be accepted.
  /// - Throws: ``JobStoreError`` `recordExists` if one that must be new exists already.
  func record(_ records: [RecordWrite], by job: JobID?, _ operation: String, at now: Timestamp) throws {
    for write in records where try !record(write, by: job, at: now) { throw write.conflict(operation) }
  }

  /// Writes records of a running job, which loses nothing if one that must be new exists already.
  func record(_ records: [RecordWrite], under lease: Lease, at now: Timestamp) throws {
    for write in records where try !record(write, by: lease.job, at: now) {
      try add([write.keptNote(at: now)], under: lease)
    }
  }

  /// - Returns: whether the record was written.
  private func record(_ write: RecordWrite, by job: JobID?, at now: Timestamp) throws -> Bool {
    let labels = write.labels.isEmpty ? nil : try JSONText.encode(write.labels)
    let statement =
      switch write.rule {
      case .upsert: RecordStatements.upsert
      case .insertOnly: RecordStatements.insert
      }
    return try run(statement, write.collection, write.key, labels, write.value, job, now) > 0
  }
}

extension Record {
  fileprivate static func read(_ row: inout Row) throws -> Record {
    Record(
      collection: try row.next(), key: try row.next(), labels: try decoded(row.next(String?.self)) ?? [:],
      value: try row.next(), job: try row.next(), createdAt: try row.next(), updatedAt: try row.next())
  }
}
