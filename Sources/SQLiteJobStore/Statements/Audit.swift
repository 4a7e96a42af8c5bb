public import JobQueue

/// The statements about what operators did.
enum AuditStatements {
  static let add = "INSERT INTO audit (at, who, verb, filter, count) VALUES (?1, ?2, ?3, ?4, ?5)"

  /// A part of an action that already has its entry. There are only a few entries in between.
  static let grow = """
    UPDATE audit SET count = count + ?5
    WHERE id > (SELECT max(id) FROM audit) - 100 AND at = ?1 AND who = ?2 AND verb = ?3 AND filter = ?4
    """

  static let page = "SELECT id, at, who, verb, filter, count FROM audit WHERE id < ?1 ORDER BY id DESC LIMIT ?2"
}

extension SQLiteJobStore {
  /// What operators did, newest first.
  public func audit(limit: Int, before: Int64?) async throws -> [AuditEntry] {
    try await reader.perform("audit") { connection in
      try connection.all(AuditStatements.page, before ?? .max, JobLimits.clamped(limit)) { row in
        AuditEntry(
          id: try row.next(), at: try row.next(), who: try row.next(),
          verb: AuditVerb(rawValue: try row.next()), filter: try row.next(), count: try row.next())
      }
    }
  }
}

extension Connection {
  /// Records an operator's action in this commit.
  func audit(_ verb: AuditVerb, _ filter: String, count: Int, by author: Operator, at now: Timestamp) throws {
    try run(AuditStatements.add, now, author.who, verb.rawValue, filter, count)
  }

  /// Records a part of an action that takes several commits, all in one entry.
  func audit(part verb: AuditVerb, _ filter: String, count: Int, by author: Operator, at now: Timestamp) throws {
    guard try run(AuditStatements.grow, now, author.who, verb.rawValue, filter, count) == 0 else { return }
    try audit(verb, filter, count: count, by: author, at: now)
  }
}
