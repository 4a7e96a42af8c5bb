package import JobQueue
package import StreamingJobs

/// What a plan costs: requests by connection, and about how long they take.
package struct PlanForecast: Sendable {
  /// What limits the requests to a connection.
  package struct Limits: Sendable, Hashable {
    /// Requests a second; nil for any number.
    package var requestsPerSecond: Int?
    /// Jobs of one concurrency key at once.
    package var concurrentWrites: Int

    /// Names the limits.
    package init(requestsPerSecond: Int? = nil, concurrentWrites: Int = 1) {
      self.requestsPerSecond = requestsPerSecond
      self.concurrentWrites = concurrentWrites
    }
  }

  /// One connection.
  package struct Connection: Sendable, Hashable {
    /// Its gate.
    package var gate: String
    /// The requests that looking took.
    package var asked: Int
    /// About how many requests the jobs will make.
    package var toCome: Int
    /// Requests a second; nil for any number.
    package var requestsPerSecond: Int?
    /// About how long they will take; nil when nobody knows how long one takes.
    package var span: Duration?
  }

  /// The connections that were asked or will be, by their gates.
  package private(set) var connections: [Connection] = []
  /// About how long a worker with enough slots takes until all is done that can be done at once; nil when nobody knows.
  package private(set) var span: Duration?
  /// When the last job begins that waits for a moment; nil when none does.
  package private(set) var lastMoment: Timestamp?

  /// Reckons with the pace of each connection, and with how long its requests took while the plan was made.
  /// - Parameters:
  ///   - plan: what is to be done.
  ///   - calls: what was asked of each connection, by gate.
  ///   - limits: by gate.
  ///   - kinds: the kinds of jobs that there are.
  ///   - now: what waits for a later moment is not reckoned with.
  package init(
    _ plan: Plan, calls: [String: CallCount], limits: [String: Limits], kinds: JobKinds = .streaming,
    at now: Timestamp
  ) {
    // First what waits for nothing, then what waits for it.
    var stages: [[String: Load]] = [[:], [:]]
    for (entry, job) in zip(plan.entries.filter(\.action.isToDo), plan.jobs) {
      guard let gate = job.gate else { continue }
      let standing = entry.state.standing ?? .missing
      let requests = (try? kinds.named(job.kind)?.requests(job.payload, standing)) ?? 1
      stages[job.parents.isEmpty ? 0 : 1][gate, default: Load()].add(requests, job.concurrencyKey)
      if let moment = job.runAt, moment > now { lastMoment = max(lastMoment ?? moment, moment) }
    }
    for gate in Set(calls.keys).union(stages.flatMap(\.keys)).sorted() {
      let own = limits[gate] ?? Limits()
      let loads = stages.compactMap { $0[gate] }
      let spans = loads.map { $0.span(own, mean: calls[gate]?.mean) }
      connections.append(
        Connection(
          gate: gate, asked: calls[gate]?.requests ?? 0, toCome: loads.reduce(0) { $0 + $1.requests },
          requestsPerSecond: own.requestsPerSecond, span: Self.sum(spans)))
    }
    let longest = stages.map { stage in
      Self.longest(stage.map { gate, load in load.span(limits[gate] ?? Limits(), mean: calls[gate]?.mean) })
    }
    span = Self.sum(longest)
  }

  /// The requests of a stage to one connection.
  private struct Load {
    private(set) var requests = 0
    private var byKey: [String: Int] = [:]
    private var withoutKey = 0

    mutating func add(_ count: Int, _ key: String?) {
      requests += count
      if let key { byKey[key, default: 0] += count } else { withoutKey += count }
    }

    /// As long as the pace makes it, and as the longest line of jobs that share a key; nil when nobody knows.
    func span(_ limits: Limits, mean: Duration?) -> Duration? {
      let paced = limits.requestsPerSecond.map { Duration.seconds(requests) / $0 }
      guard let mean else { return paced }
      let longest = max(byKey.values.max() ?? 0, withoutKey > 0 ? 1 : 0)
      return max(paced ?? .zero, mean * longest / max(1, limits.concurrentWrites))
    }
  }

  private static func sum(_ spans: [Duration?]) -> Duration? {
    spans.reduce(Duration.zero) { sum, span in sum.flatMap { sum in span.map { sum + $0 } } }
  }

  private static func longest(_ spans: [Duration?]) -> Duration? {
    spans.reduce(Duration.zero) { longest, span in longest.flatMap { longest in span.map { max(longest, $0) } } }
  }
}
