public import JobQueue

extension InMemoryJobStore {
  /// What operators did, newest first.
  public func audit(limit: Int, before: Int64?) async throws -> [AuditEntry] {
    Array(tables.audit.reversed().filter { $0.id < before ?? .max }.prefix(JobLimits.clamped(limit)))
  }
}

extension Tables {
  /// Keeps what an operator does in this commit.
  mutating func audit(_ verb: AuditVerb, _ filter: String, count: Int, by author: Operator, at now: Timestamp) {
    audit.append(
      AuditEntry(id: Int64(audit.count) + 1, at: now, who: author.who, verb: verb, filter: filter, count: count))
  }
}
