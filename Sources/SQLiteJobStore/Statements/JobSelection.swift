import JobQueue

/// Puts the statement for a query of jobs together: newest first, pages by number.
enum JobSelection {
  /// A value to bind.
  enum Value: Sendable {
    case number(Int64)
    case text(String)

    var column: any ColumnValue {
      switch self {
      case .number(let number): number
      case .text(let text): text
      }
    }
  }

  private static let mostTerms = 10_000

  static func statement(for query: JobQuery) throws -> (sql: String, values: [Value]) {
    let terms = query.states.count + query.kinds.count + query.queues.count + 2 * query.labels.count + query.ids.count
    guard terms <= mostTerms else {
      throw JobStoreError(
        code: .invalid, operation: "jobs", target: "query", cause: "\(terms) terms, the limit is \(mostTerms)")
    }
    var conditions: [String] = []
    var values: [Value] = []
    func bind(_ value: Value) -> String {
      values.append(value)
      return "?\(values.count)"
    }
    func anyOf(_ column: String, _ words: [String]) {
      guard !words.isEmpty else { return }
      conditions.append("\(column) IN (\(words.map { bind(.text($0)) }.joined(separator: ", ")))")
    }
    anyOf("state", query.states.map(\.rawValue))
    // What completed is most of a file: without it the partial index `job_state` serves.
    if !query.states.isEmpty, !query.states.contains(.completed) { conditions.append("state <> 'completed'") }
    anyOf("kind", query.kinds)
    anyOf("queue", query.queues)
    for (name, value) in query.labels.sorted(by: { $0.key < $1.key }) {
      conditions.append(
        "EXISTS (SELECT 1 FROM json_each(labels) WHERE key = \(bind(.text(name))) AND value = \(bind(.text(value))))")
    }
    if let code = query.failureCode { conditions.append("failure_code = \(bind(.text(code)))") }
    if let since = query.createdSince { conditions.append("created_at >= \(bind(.number(since.milliseconds)))") }
    if let text = query.payloadContains { conditions.append("instr(payload, \(bind(.text(text)))) > 0") }
    if !query.ids.isEmpty {
      conditions.append("id IN (\(query.ids.map { bind(.number($0.rawValue)) }.joined(separator: ", ")))")
    }
    if let before = query.before { conditions.append("id < \(bind(.number(before.rawValue)))") }
    let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
    let sql = "SELECT \(Job.columns) FROM job \(filter) ORDER BY id DESC LIMIT \(bind(.number(Int64(query.limit))))"
    return (sql, values)
  }
}
