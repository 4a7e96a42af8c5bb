public import JobQueue

extension InMemoryJobStore {
  /// What operators did, newest first.
  public func audit(limit: Int, before: Int64?) async throws -> [AuditEntry] {
    Array(tables.audit.reversed().filter { $0.id < before ?? .max }.prefix(JobLimits.clamped(limit)))
  }
}

extension Tables {
  /// Adds an entry for what an operator does in this commit.
  mutating func audit(_ verb: AuditVerb, _ filter: String, count: Int, by author: Operator, at now: Timestamp) {
    audit.append(
      AuditEntry(id: Int64(audit.count) + 1, at: now, who: author.who, verb: verb, filter: filter, count: count))
  }

  /// Adds a part of what an operator does in several commits, all in one entry.
  mutating func audit(part verb: AuditVerb, _ filter: String, count: Int, by author: Operator, at now: Timestamp) {
    let same = audit.lastIndex { ($0.at, $0.who, $0.verb, $0.filter) == (now, author.who, verb, filter) }
    guard let same, same >= audit.count - 100 else {
      return audit(verb, filter, count: count, by: author, at: now)
    }
    audit[same].count += count
  }
}
