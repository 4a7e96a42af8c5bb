public import JobQueue

extension InMemoryJobStore {
  /// Inserts jobs and writes records, all or none.
  public func enqueue(
    _ jobs: [NewJob], recording records: [RecordWrite], at now: Timestamp
  ) async throws -> [EnqueueReceipt] {
    try JobLimits.check(jobs)
    try JobLimits.check(records, "enqueue")
    return try commit { tables in
      var receipts: [EnqueueReceipt] = []
      for job in jobs { receipts.append(try tables.insert(job, after: receipts, at: now)) }
      let hasNewJob = receipts.contains { !$0.alreadyPresent }
      try tables.record(
        records.filter { $0.isWritten(hasNewJob: hasNewJob) }, by: receipts.first?.id, "enqueue", at: now)
      return receipts
    }
  }
}

extension Tables {
  fileprivate mutating func insert(
    _ job: NewJob, after receipts: [EnqueueReceipt], at now: Timestamp
  ) throws -> EnqueueReceipt {
    let parents = try job.parents.map { try known($0, receipts) }
    if let key = job.uniqueKey, let holder = holder(of: key) {
      return EnqueueReceipt(id: holder.id, state: holder.state, alreadyPresent: true)
    }
    lastID += 1
    let id = JobID(lastID)
    self.parents[id] = Array(Set(parents)).sorted()
    follow(id, key: job.uniqueKey, at: now)
    let obstacle = obstacle(of: id)
    let runAt = JobRelease.start(of: job, at: now)
    let state = JobRelease.state(waitingFor: obstacle, runAt: runAt, at: now)
    jobs[id] = Job(
      id: id, kind: job.kind, queue: job.queue, state: state, priority: job.priority, payload: job.payload,
      payloadVersion: job.payloadVersion, uniqueKey: job.uniqueKey, uniqueness: job.uniqueness, gate: job.gate,
      concurrencyKey: job.concurrencyKey, labels: job.labels, runAt: runAt, createdAt: now,
      updatedAt: now, maxAttempts: job.maxAttempts, waitReason: obstacle)
    return EnqueueReceipt(id: id, state: state, alreadyPresent: false)
  }

  /// The job that holds a unique key.
  func holder(of key: String) -> Job? { jobs.values.first { $0.uniqueKey == key && $0.holdsUniqueKey } }

  private func known(_ parent: NewJob.Parent, _ receipts: [EnqueueReceipt]) throws -> JobID {
    switch parent {
    case .job(let id) where jobs[id] != nil: return id
    case .batch(let index) where receipts.indices.contains(index): return receipts[index].id
    case .job, .batch:
      throw JobStoreError(
        code: .noSuchParent, operation: "enqueue", target: "\(parent)",
        cause: "a parent is in the store, or earlier in the batch")
    }
  }
}
