import JobQueue

/// The jobs of one call on their way in: all go in by one statement, but for those whose parent stands in the same call
/// and must be there first.
struct Arrivals {
  /// What became of the jobs that are in, in their order.
  private(set) var receipts: [EnqueueReceipt] = []

  private struct Arrival {
    let job: NewJob
    let state: JobState
    let parents: [JobID]
  }

  private static let width = 14

  private let now: Timestamp
  private let connection: Connection
  /// What is added and not in yet.
  private var waiting: [Arrival] = []
  private var rows: RowBatch
  private var newest: Int64

  init(of count: Int, at now: Timestamp, on connection: Connection) throws {
    self.now = now
    self.connection = connection
    rows = RowBatch(width: Self.width, rows: count)
    newest = try connection.value(Enqueue.newest) ?? 0
    receipts.reserveCapacity(count)
    waiting.reserveCapacity(count)
  }

  /// Adds a job; what it waits for is inserted first.
  mutating func add(_ job: NewJob) throws {
    if job.parents.contains(where: { isWaiting($0) }) { try insert() }
    let parents = try job.parents.map { try parent($0) }
    let unfinished = parents.filter { $0.state != .completed }
    let runAt = job.runAt.map { max($0, now) } ?? now
    let state: JobState = unfinished.isEmpty ? (runAt > now ? .scheduled : .ready) : .blocked
    newest += 1
    rows.add(
      newest, job.kind, job.queue, state, job.priority, job.payload, job.payloadVersion, job.uniqueKey,
      job.labels.isEmpty ? nil : try JSONText.encode(job.labels), runAt, job.maxAttempts,
      WaitReason.blocked(by: unfinished), job.gate ?? "", job.concurrencyKey ?? "")
    waiting.append(Arrival(job: job, state: state, parents: parents.map(\.id)))
  }

  /// Inserts what was added.
  mutating func insert() throws {
    guard !waiting.isEmpty else { return }
    let first = newest - Int64(waiting.count) + 1
    let count = try connection.run(Enqueue.insert, rows, now)
    // Some may have found their unique key taken.
    let inserted =
      count == waiting.count ? nil : Set(try connection.all(Enqueue.inserted, first, newest) { try $0.next(Int64.self) })
    for (number, arrival) in zip(first..., waiting) {
      guard inserted?.contains(number) ?? true else {
        receipts.append(try connection.holder(of: arrival.job.uniqueKey))
        continue
      }
      for parent in arrival.parents { try connection.run(Enqueue.parent, number, parent) }
      receipts.append(EnqueueReceipt(id: JobID(number), state: arrival.state, alreadyPresent: false))
    }
    waiting.removeAll(keepingCapacity: true)
    rows = RowBatch(width: Self.width)
  }

  private func isWaiting(_ parent: NewJob.Parent) -> Bool {
    guard case .batch(let index) = parent else { return false }
    return index >= receipts.count && index < receipts.count + waiting.count
  }

  private func parent(_ parent: NewJob.Parent) throws -> (id: JobID, state: JobState) {
    let id: JobID
    switch parent {
    case .job(let known): id = known
    case .batch(let index):
      guard receipts.indices.contains(index) else {
        throw JobStoreError(
          code: .noSuchParent, operation: "enqueue", target: "job \(index) of the batch",
          cause: "a parent stands earlier in the batch than its child")
      }
      id = receipts[index].id
    }
    guard let state: JobState = try connection.value(Enqueue.state, id) else {
      throw JobStoreError(
        code: .noSuchParent, operation: "enqueue", target: "job \(id)", cause: "there is no such job to wait for")
    }
    return (id, state)
  }
}

extension Connection {
  /// The unfinished job that has a unique key.
  fileprivate func holder(of key: String?) throws -> EnqueueReceipt {
    let holder = try first(Enqueue.holder, key) { row in
      EnqueueReceipt(id: try row.next(), state: try row.next(), alreadyPresent: true)
    }
    guard let holder else { throw corrupt("a unique key is held by no job") }
    return holder
  }
}
