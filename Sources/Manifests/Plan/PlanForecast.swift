package import JobQueue
package import StreamingJobs

/// The cost of a plan: requests by connection, and roughly how long they take.
package struct PlanForecast: Sendable {
  /// What limits the requests to a connection.
  package struct Limits: Sendable, Hashable {
    /// Requests per second; nil if unlimited.
    package var requestsPerSecond: Int?
    /// How many jobs with the same concurrency key run at once.
    package var concurrentWrites: Int

    /// Creates the limits.
    package init(requestsPerSecond: Int? = nil, concurrentWrites: Int = 1) {
      self.requestsPerSecond = requestsPerSecond
      self.concurrentWrites = concurrentWrites
    }
  }

  /// One connection.
  package struct Connection: Sendable, Hashable {
    /// Its gate.
    package var gate: String
    /// How many requests the check took.
    package var asked: Int
    /// Roughly how many requests the jobs will make.
    package var toCome: Int
    /// Requests per second; nil if unlimited.
    package var requestsPerSecond: Int?
    /// Roughly how long they will take; nil if the duration of a request is unknown.
    package var span: Duration?
  }

  /// The connections that are used, by their gates.
  package private(set) var connections: [Connection] = []
  /// Roughly how long a worker with enough slots takes for everything that can be done at once; nil if unknown.
  package private(set) var span: Duration?
  /// When the last job with a planned time starts; nil if there is none.
  package private(set) var lastMoment: Timestamp?

  /// Estimates from the pace of each connection, and from how long its requests took while the plan was made.
  /// - Parameters:
  ///   - plan: what will be done.
  ///   - calls: the requests made to each connection, by gate.
  ///   - limits: by gate.
  ///   - kinds: the available job kinds.
  ///   - now: jobs that wait for a later time are not included.
  package init(
    _ plan: Plan, calls: [String: CallCount], limits: [String: Limits], kinds: JobKinds = .streaming,
    at now: Timestamp
  ) {
    // First the jobs that wait for nothing, then those that wait for them.
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

    /// At least as long as the pace requires, and as the longest series of jobs that share a key; nil if unknown.
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
