import JobQueue

/// Inserts the jobs of one call: all by one statement, except those with a parent in the same call, which must be
/// inserted first.
struct JobInserter {
  /// The results for the inserted jobs, in their order.
  private(set) var receipts: [EnqueueReceipt] = []

  private struct Arrival {
    let uniqueKey: String?
    let state: JobState
    let parents: [JobID]
    /// The job of the same key whose end it waits for.
    var predecessor: JobID?
  }

  private let now: Timestamp
  private let connection: Connection
  /// Jobs that were added and are not inserted yet.
  private var waiting: [Arrival] = []
  private var rows: RowBatch
  /// Whether requests of former jobs may still take effect.
  let hasDoubts: Bool

  init(of count: Int, at now: Timestamp, on connection: Connection) throws {
    self.now = now
    self.connection = connection
    hasDoubts = try connection.hasDoubts()
    rows = Self.batch(of: 0)
    receipts.reserveCapacity(count)
  }

  /// The rows of jobs, none of which has a parent; nil if one has.
  static func rowsOfJobsWithoutParents(_ jobs: [NewJob], at now: Timestamp) throws -> RowBatch? {
    guard jobs.allSatisfy({ $0.parents.isEmpty }) else { return nil }
    var rows = batch(of: jobs.count)
    for job in jobs { try add(job, job.stateWithoutParents(at: now), nil, at: now, to: &rows) }
    return rows
  }

  /// Inserts jobs whose rows already exist.
  mutating func insert(_ jobs: [NewJob], as rows: RowBatch) throws {
    self.rows = rows
    waiting = jobs.map { Arrival(uniqueKey: $0.uniqueKey, state: $0.stateWithoutParents(at: now), parents: []) }
    try insert()
  }

  /// Adds a job; the jobs that it waits for are inserted first.
  mutating func add(_ job: NewJob) throws {
    if !job.parents.isEmpty, !waiting.isEmpty, try mayBeWaiting(job.parents) { try insert() }
    let parents = try job.parents.map { try parent($0) }
    let predecessor = hasDoubts ? try connection.endingJob(of: job.uniqueKey) : nil
    let why = WaitReason.blocked(by: parents, awaiting: predecessor)
    let state = JobRelease.state(waitingFor: why, runAt: JobRelease.start(of: job, at: now), at: now)
    try Self.add(job, state, why, at: now, to: &rows)
    waiting.append(
      Arrival(uniqueKey: job.uniqueKey, state: state, parents: parents.map(\.id), predecessor: predecessor))
  }

  /// Inserts the added jobs.
  mutating func insert() throws {
    guard !waiting.isEmpty else { return }
    let numbers = waiting.count == 1 ? try insertOne() : try insertAll()
    for (number, arrival) in zip(numbers, waiting) {
      guard let number else {
        let holder = try connection.holder(of: arrival.uniqueKey)
        receipts.append(EnqueueReceipt(id: holder.job, state: holder.state, alreadyPresent: true))
        continue
      }
      for parent in arrival.parents { try connection.run(Enqueue.parent, number, parent) }
      if hasDoubts { try connection.follow(arrival.predecessor, by: number, key: arrival.uniqueKey, at: now) }
      receipts.append(EnqueueReceipt(id: number, state: arrival.state, alreadyPresent: false))
    }
    waiting.removeAll(keepingCapacity: true)
    rows = Self.batch(of: 0)
  }

  /// - Returns: the number of each job; nil for one whose unique key was taken.
  private func insertAll() throws -> [JobID?] {
    let first = try newest() + 1
    let last = first + Int64(waiting.count) - 1
    let count = try connection.run(Enqueue.insert, rows, now, first)
    let numbers = (first...last).map { JobID($0) }
    guard count < waiting.count else { return numbers }
    let inserted = Set(try connection.all(Enqueue.inserted, first, last) { try $0.next(JobID.self) })
    // So enqueuing a file again leaves no gap in the numbers.
    try connection.run(Enqueue.giveBack, inserted.max()?.rawValue ?? first - 1)
    return numbers.map { inserted.contains($0) ? $0 : nil }
  }

  private func insertOne() throws -> [JobID?] {
    let before = waiting[0].uniqueKey == nil ? nil : try newest()
    let number = try connection.insert(Enqueue.insertOne, row: rows, now).map { JobID($0) }
    if number == nil, let before { try connection.run(Enqueue.giveBack, before) }
    return [number]
  }

  /// The largest number that was ever assigned.
  private func newest() throws -> Int64 { try connection.value(Enqueue.newest) ?? 0 }

  private static func batch(of count: Int) -> RowBatch { RowBatch(width: 14, rows: count) }

  /// In the order that ``Enqueue/insert`` expects.
  private static func add(
    _ job: NewJob, _ state: JobState, _ why: String?, at now: Timestamp, to rows: inout RowBatch
  ) throws {
    rows.add(
      job.kind, job.queue, state, job.priority, job.payload, job.payloadVersion, job.uniqueKey,
      job.labels.isEmpty ? nil : try JSONText.encode(job.labels), JobRelease.start(of: job, at: now), job.maxAttempts,
      why,
      job.gate ?? "", job.concurrencyKey ?? "", job.uniqueness == .permanent)
  }

  private func mayBeWaiting(_ parents: [NewJob.Parent]) throws -> Bool {
    try parents.contains { parent in
      switch parent {
      case .batch(let index): index >= receipts.count
      // Nobody can know the number yet, but a guess may be right.
      case .job(let id): id.rawValue > (try newest())
      }
    }
  }

  private func parent(_ parent: NewJob.Parent) throws -> (id: JobID, state: JobState) {
    let id: JobID
    switch parent {
    case .job(let known): id = known
    case .batch(let index):
      guard receipts.indices.contains(index) else {
        throw JobStoreError(
          code: .noSuchParent, operation: "enqueue", target: "job \(index) of the batch",
          cause: "a parent must come before its child in the batch", hint: "put it before its child")
      }
      id = receipts[index].id
    }
    guard let state: JobState = try connection.value(Enqueue.state, id) else {
      throw JobStoreError(
        code: .noSuchParent, operation: "enqueue", target: "after job \(id)", cause: "no such job",
        hint: "enqueue that job first, or correct the number")
    }
    return (id, state)
  }
}

extension NewJob {
  fileprivate func stateWithoutParents(at now: Timestamp) -> JobState {
    JobRelease.state(runAt: JobRelease.start(of: self, at: now), at: now)
  }
}

/// The job that holds a unique key.
struct KeyHolder {
  let job: JobID
  let state: JobState
  let uniqueness: Uniqueness
}

extension Connection {
  /// The job that holds a unique key, if it is known that one does.
  func holder(of key: String?) throws -> KeyHolder {
    let holder = try first(Enqueue.holder, key) { row in
      KeyHolder(
        job: try row.next(), state: try row.next(), uniqueness: try row.next(Bool.self) ? .permanent : .whileUnfinished)
    }
    guard let holder else { throw corrupt("a unique key is held by no job") }
    return holder
  }
}
