public import JobQueue

extension InMemoryJobStore {
  /// Writes records that no job writes, all or none.
  public func record(_ records: [RecordWrite], at now: Timestamp) async throws {
    try JobLimits.check(records, "record")
    try commit { try $0.record(records, by: nil, "record", at: now) }
  }

  /// Removes records that were last written before a given time.
  public func removeRecords(
    _ keys: [String], of collection: String, writtenBefore moment: Timestamp
  ) async throws -> Int {
    try JobLimits.check(count: keys.count, of: "records", "removeRecords")
    return commit { tables in
      keys.count { key in
        let name = RecordName(RecordWrite(collection, key, json: ""))
        guard let record = tables.records[collection]?[name], record.updatedAt < moment else { return false }
        tables.records[collection]?[name] = nil
        return true
      }
    }
  }

  /// Records of a collection, in the order of their keys.
  public func records(_ query: RecordQuery) async throws -> [Record] {
    let found = (tables.records[query.collection] ?? [:]).values.filter { record in
      record.collection.utf8.elementsEqual(query.collection.utf8) && query.admits(record.key)
        && query.labels.allSatisfy { record.labels[$0] == $1 }
    }
    return Array(found.sorted { RecordName($0) < RecordName($1) }.prefix(JobLimits.clamped(query.limit)))
  }
}

extension Tables {
  /// Writes records, which must all be accepted.
  mutating func record(_ records: [RecordWrite], by job: JobID?, _ operation: String, at now: Timestamp) throws {
    for write in records where !record(write, by: job, at: now) { throw write.conflict(operation) }
  }

  /// Writes records of a running job, which loses nothing if one that was to be new already exists.
  mutating func record(_ records: [RecordWrite], under lease: Lease, at now: Timestamp) {
    for write in records where !record(write, by: lease.job, at: now) {
      closeAttempt(lease) { $0.notes.append(write.keptNote(at: now)) }
    }
  }

  private mutating func record(_ write: RecordWrite, by job: JobID?, at now: Timestamp) -> Bool {
    let name = RecordName(write)
    let present = records[write.collection]?[name]
    guard let record = write.applied(to: present, by: job, at: now) else { return false }
    records[write.collection, default: [:]][name] = record
    return true
  }
}

/// The name of a record, compared byte by byte, because Swift considers texts equal that only look alike.
package struct RecordName: Sendable, Hashable, Comparable {
  private let collection: [UInt8]
  private let key: [UInt8]

  package init(_ record: Record) {
    collection = Array(record.collection.utf8)
    key = Array(record.key.utf8)
  }

  package init(_ write: RecordWrite) {
    collection = Array(write.collection.utf8)
    key = Array(write.key.utf8)
  }

  package static func < (lhs: RecordName, rhs: RecordName) -> Bool {
    lhs.collection == rhs.collection
      ? lhs.key.lexicographicallyPrecedes(rhs.key) : lhs.collection.lexicographicallyPrecedes(rhs.collection)
  }
}
