public import JobQueue

extension InMemoryJobStore {
  /// The outputs of a job's completed parents.
  public func parentOutputs(of job: JobID) async throws -> [ParentOutput] {
    tables.parentOutputs(of: job)
  }

  /// Jobs, newest first.
  public func jobs(_ query: JobQuery) async throws -> [Job] {
    if query.order == .nextFirst {
      let due = tables.jobs.values.filter { (query.ids.isEmpty || query.ids.contains($0.id)) && query.matches($0) }
      let ordered = due.sorted { ($0.runAt, $0.id) < ($1.runAt, $1.id) }
      return Array(ordered.prefix(JobLimits.clamped(query.limit)))
    }
    var found: [Job] = []
    for id in query.ids.isEmpty ? tables.jobs.keys.sorted(by: >) : Set(query.ids).sorted(by: >) {
      guard found.count < JobLimits.clamped(query.limit) else { break }
      if let job = tables.jobs[id], query.matches(job) { found.append(job) }
    }
    return found
  }

  /// The attempts of a job, oldest first.
  public func attempts(of job: JobID) async throws -> [Attempt] {
    tables.attempts[job] ?? []
  }

  /// The numbers of a job's parents and children.
  public func relatives(of job: JobID) async throws -> (parents: [JobID], children: [JobID]) {
    (tables.parents[job] ?? [], tables.children(of: job))
  }

  /// Which of these jobs are blocked until an operator acts.
  public func needingOperator(among jobs: [JobID]) async throws -> Set<JobID> {
    var stuck: Set<JobID> = []
    // A parent exists before its child and has the smaller number.
    for job in tables.jobs.values.filter({ $0.state == .blocked }).sorted(by: { $0.id < $1.id }) {
      let isStuck = (tables.parents[job.id] ?? []).contains { parent in
        tables.jobs[parent]?.state.needsPerson == true || stuck.contains(parent)
      }
      if isStuck { stuck.insert(job.id) }
    }
    return stuck.intersection(jobs)
  }

  /// The state of the store.
  public func status() async throws -> QueueStatus {
    var counts: [String: [String: Int]] = [:]
    for job in tables.jobs.values { counts[job.queue, default: [:]][job.state.rawValue, default: 0] += 1 }
    return QueueStatus(
      counts: counts, oldestReady: tables.jobs.values.filter { $0.state == .ready }.map(\.runAt).min(),
      nextDue: tables.nextScheduled,
      workers: tables.knownWorkers)
  }
}

extension JobQuery {
  fileprivate func matches(_ job: Job) -> Bool {
    (possibleStates?.contains(job.state) ?? true)
      && (kinds.isEmpty || kinds.contains(job.kind))
      && (queues.isEmpty || queues.contains(job.queue))
      && (order == .nextFirst || before.map { job.id < $0 } ?? true)
      && (createdSince.map { job.createdAt >= $0 } ?? true)
      && (finishedSince.map { since in job.finishedAt.map { $0 >= since } ?? false } ?? true)
      && (stoppedSince.map { (job.finishedAt ?? job.updatedAt) >= $0 } ?? true)
      && (failureCode.map { job.lastFailure?.code == $0 } ?? true)
      && (payloadContains.map { job.payload.contains($0) } ?? true)
      && labels.allSatisfy { job.labels[$0] == $1 }
  }
}

extension Tables {
  func parentOutputs(of job: JobID) -> [ParentOutput] {
    (parents[job] ?? []).compactMap { jobs[$0] }.compactMap { parent in
      parent.output.map { ParentOutput(job: parent.id, kind: parent.kind, output: $0) }
    }
  }
}
