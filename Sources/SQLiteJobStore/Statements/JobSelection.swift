import JobQueue

/// Builds the statement for a query of jobs: newest first, pages by number.
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

  /// Decides between two ways to the same rows: how many there are to sort, or to skip.
  struct Crowds: Sendable {
    /// So many rows are sorted in no time.
    static let few = 10_000

    /// Whether there are more ready jobs than ``few``; then a page of them is read by number.
    var areReadyMany = false
    /// Whether at most ``few`` jobs were created since the requested time; then they are found by it.
    var areSinceFew = false
  }

  private static let mostTerms = 10_000

  static func statement(for query: JobQuery, among crowds: Crowds = Crowds()) throws -> (sql: String, values: [Value]) {
    let terms = query.states.count + query.kinds.count + query.queues.count + 2 * query.labels.count + query.ids.count
    guard terms <= mostTerms else {
      throw JobStoreError(
        code: .invalid, operation: "jobs", target: "query", cause: "\(terms) terms, the limit is \(mostTerms)")
    }
    var values: [Value] = []
    var conditions = conditions(of: query) { value in
      values.append(value)
      return "?\(values.count)"
    }
    values.append(.number(Int64(JobLimits.clamped(query.limit))))
    let page = "ORDER BY id DESC LIMIT ?\(values.count)"
    let possible = query.possibleStates
    let states = JobState.allCases.filter { possible?.contains($0) ?? false }
    // The conditions contradict each other.
    if possible != nil, states.isEmpty { conditions.append("false") }
    if query.order == .nextFirst, !states.isEmpty {
      let filter = (["state = 'scheduled'"] + conditions).joined(separator: " AND ")
      let next = "ORDER BY run_at, id LIMIT ?\(values.count)"
      return ("SELECT \(Job.columns) FROM job INDEXED BY job_due WHERE \(filter) \(next)", values)
    }
    if !crowds.areSinceFew, query.ids.isEmpty, !states.isEmpty {
      // A page of each state, by the index of that state, so that no other jobs are visited.
      let pages = states.map { state in
        let filter = (["state = '\(state.rawValue)'"] + conditions).joined(separator: " AND ")
        let way = state == .ready && crowds.areReadyMany ? "NOT INDEXED" : "INDEXED BY \(Schema.index(of: state))"
        return "SELECT id FROM (SELECT id FROM job \(way) WHERE \(filter) \(page))"
      }
      conditions = ["id IN (\(pages.joined(separator: " UNION ALL ")))"]
    } else if !states.isEmpty {
      conditions.append("state IN (\(Schema.words(states)))")
    }
    let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
    let way = crowds.areSinceFew ? "INDEXED BY job_created" : ""
    return ("SELECT \(Job.columns) FROM job \(way) \(filter) \(page)", values)
  }

  /// All conditions but the states; `bind` keeps a value and returns its parameter.
  private static func conditions(of query: JobQuery, bind: (Value) -> String) -> [String] {
    func anyOf(_ column: String, _ values: [Value]) -> [String] {
      values.isEmpty ? [] : ["\(column) IN (\(values.map(bind).joined(separator: ", ")))"]
    }
    var conditions = anyOf("kind", query.kinds.map { .text($0) }) + anyOf("queue", query.queues.map { .text($0) })
    conditions += anyOf("id", query.ids.map { .number($0.rawValue) })
    for (name, value) in query.labels.sorted(by: { $0.key < $1.key }) {
      conditions.append(
        "EXISTS (SELECT 1 FROM json_each(labels) WHERE key = \(bind(.text(name))) AND value = \(bind(.text(value))))")
    }
    if let code = query.failureCode { conditions.append("failure_code = \(bind(.text(code)))") }
    if let since = query.createdSince { conditions.append("created_at >= \(bind(.number(since.milliseconds)))") }
    if let since = query.finishedSince { conditions.append("finished_at >= \(bind(.number(since.milliseconds)))") }
    if let since = query.stoppedSince {
      conditions.append("coalesce(finished_at, updated_at) >= \(bind(.number(since.milliseconds)))")
    }
    if let text = query.payloadContains { conditions.append("instr(payload, \(bind(.text(text)))) > 0") }
    if let before = query.before, query.order == .newestFirst {
      conditions.append("id < \(bind(.number(before.rawValue)))")
    }
    return conditions
  }
}
