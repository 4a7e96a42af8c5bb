import JobQueue
import Settings
import StreamingJobs

/// A line of a saved plan: a resource, what will be done about it, and what was known about it.
struct SavedResource: Codable {
  var action: PlanAction
  var why: String?
  var role: String
  var name: String
  var engine: String?
  var bucket: String
  var region: String
  var stream: String
  var streams: Int
  var job: SavedJob
  /// How the provider stood to it; nil where nobody had to look.
  var standing: Standing?
  /// What the inventory had of it.
  var item: InventoryItem?
  /// The unfinished job that saw to it.
  var pending: JobID?
  /// The wave of the rollout that it comes with, from 1; nil where nothing is to be done, or all comes at once.
  var wave: Int?

  init(_ entry: Plan.Entry, wave: Int?) {
    self.wave = wave
    action = entry.action
    why = entry.why
    role = entry.resource.role.rawValue
    name = entry.resource.name
    engine = entry.resource.engine
    bucket = entry.resource.bucket
    region = entry.resource.region
    stream = entry.resource.stream
    streams = entry.resource.streams
    job = SavedJob(entry.resource.job)
    standing = entry.state.standing
    item = entry.state.item
    pending = entry.state.job?.id
  }

  /// The entry; nil if the line is inconsistent.
  /// - Parameter index: the number of the line: parents come before their children.
  func entry(at place: SourceLocation, index: Int) -> Plan.Entry? {
    guard let role = ResourceRole(rawValue: role), job.parents.allSatisfy({ (0..<index).contains($0) }),
      action.isToDo || action == .none || action == .pending, (action == .pending) == (pending != nil)
    else { return nil }
    let resource = Expansion.Resource(
      role: role, name: name, engine: engine, bucket: bucket, region: region, job: job.job, stream: stream,
      streams: streams, place: place)
    let state = ResourceState(
      look: standing.map { .stands($0) }, item: item, job: pending.map { PendingJob(id: $0, state: .ready) })
    return Plan.Entry(resource: resource, state: state, action: action, why: why)
  }
}

extension SavedResource {
  /// Whether its wave is one of the rollout's, and no earlier than those of its parents.
  /// - Parameters:
  ///   - count: how many waves there are; nil without a rollout.
  ///   - former: the waves of the lines before.
  func isInWave(of count: Int?, after former: [Int?]) -> Bool {
    guard let count, action.isToDo else { return wave == nil }
    guard let wave, (1...max(count, 1)).contains(wave) else { return false }
    return job.parents.allSatisfy { parent in former[parent].map { $0 <= wave } ?? true }
  }
}

/// A job to enqueue, as stored in a saved plan.
struct SavedJob: Codable {
  var kind: String
  var queue: String
  var payload: String
  var payloadVersion: Int
  var uniqueKey: String?
  var uniqueness: Uniqueness
  var gate: String?
  var concurrencyKey: String?
  var priority: Int
  var runAt: Timestamp?
  /// The lines of its parents, counted from 0.
  var parents: [Int]
  var labels: [String: String]
  var maxAttempts: Int

  init(_ job: NewJob) {
    kind = job.kind
    queue = job.queue
    payload = job.payload
    payloadVersion = job.payloadVersion
    uniqueKey = job.uniqueKey
    uniqueness = job.uniqueness
    gate = job.gate
    concurrencyKey = job.concurrencyKey
    priority = job.priority
    runAt = job.runAt
    parents = job.parents.compactMap { if case .batch(let index) = $0 { index } else { nil } }
    labels = job.labels
    maxAttempts = job.maxAttempts
  }

  var job: NewJob {
    NewJob(
      kind: kind, queue: queue, payload: payload, payloadVersion: payloadVersion, uniqueKey: uniqueKey,
      uniqueness: uniqueness, gate: gate, concurrencyKey: concurrencyKey, priority: priority, runAt: runAt,
      parents: parents.map { .batch($0) }, labels: labels, maxAttempts: maxAttempts)
  }
}
