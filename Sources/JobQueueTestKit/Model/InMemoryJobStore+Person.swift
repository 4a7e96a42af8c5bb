public import JobQueue

extension InMemoryJobStore {
  /// Cancels jobs.
  public func cancel(
    _ jobs: [JobID], why: String, by author: Operator, at now: Timestamp
  ) async throws -> [JobID: JobState] {
    try end(jobs, .cancel, OperatorStep.cancelling, why: why, by: author, at: now)
  }

  /// Discards jobs.
  public func discard(
    _ jobs: [JobID], why: String, by author: Operator, at now: Timestamp
  ) async throws -> [JobID: JobState] {
    try end(jobs, .discard, OperatorStep.discarding, why: why, by: author, at: now)
  }

  private func end(
    _ jobs: [JobID], _ verb: AuditVerb, _ step: (JobState) -> OperatorStep, why: String, by author: Operator,
    at now: Timestamp
  ) throws -> [JobID: JobState] {
    try JobLimits.check(verb.rawValue, text: why, "the reason", of: "\(jobs.count) jobs")
    return try commit { tables in
      var changed = 0
      for job in jobs.compactMap({ tables.jobs[$0] }) {
        if step(job.state) != .nothing { changed += 1 }
        switch step(job.state) {
        case .request:
          tables.jobs[job.id]?.cancelRequested = true
          tables.jobs[job.id]?.waitReason = why
          if job.mayHaveSuccessor { tables.doubts.insert(job.id) }
          tables.jobs[job.id]?.updatedAt = now
        case .end:
          try tables.move(job.id, to: .cancelled, at: now) { $0.waitReason = why }
          tables.updateLine(of: job.id, at: now)
        case .nothing, .runNow, .release, .hold, .takeBack, .restart: break
        }
      }
      tables.audit(verb, author.chosen(jobs), count: changed, by: author, at: now)
      return tables.states(of: jobs)
    }
  }

  /// Makes jobs ready again.
  public func retry(_ jobs: [JobID], by author: Operator, at now: Timestamp) async throws -> [JobID: JobState] {
    try commit { tables in
      var changed = 0
      for job in jobs {
        if let state = tables.jobs[job]?.state, OperatorStep.retrying(state) != .nothing { changed += 1 }
        try tables.retry(job, at: now)
      }
      tables.audit(.retry, author.chosen(jobs), count: changed, by: author, at: now)
      return tables.states(of: jobs)
    }
  }
}

extension InMemoryJobStore {
  /// Holds all unfinished jobs.
  public func holdUnfinished(why: String, by author: Operator, at now: Timestamp) async throws -> Int {
    try JobLimits.check("hold", text: why, "the reason", of: "all jobs")
    return try commit { tables in
      var held = 0
      for job in tables.runningJobs {
        let verdict = job.held(why: why)
        try tables.takeBack(job, verdict, at: now)
        held += verdict.state == .held ? 1 : 0
      }
      for job in tables.jobs.values where OperatorStep.holding(job.state) == .hold {
        try tables.move(job.id, to: .held, at: now) { $0.waitReason = why }
        held += 1
      }
      tables.fillBudgets(at: now)
      tables.audit(.hold, author.filter ?? "all unfinished", count: held, by: author, at: now)
      return held
    }
  }
}

extension Tables {
  fileprivate func states(of ids: [JobID]) -> [JobID: JobState] {
    ids.reduce(into: [:]) { states, id in states[id] = jobs[id]?.state }
  }

  fileprivate mutating func retry(_ id: JobID, at now: Timestamp) throws {
    guard let job = jobs[id] else { return }
    switch OperatorStep.retrying(job.state) {
    case .nothing, .request, .end, .hold, .takeBack: return
    case .runNow:
      try move(id, to: .ready, at: now) { job in
        job.runAt = now
        job.waitReason = nil
      }
    case .release:
      let obstacle = obstacle(of: id)
      let next = JobRelease.state(waitingFor: obstacle, runAt: job.runAt, at: now)
      try move(id, to: next, at: now) { job in
        if next == .ready { job.runAt = now }
        job.waitReason = obstacle
      }
      updateLine(of: id, at: now)
    case .restart:
      if let key = job.uniqueKey, let holder = holder(of: key), holder.id != id {
        throw holder.uniqueness.conflict(retrying: id, heldBy: holder.id)
      }
      follow(id, key: job.uniqueKey, at: now)
      let obstacle = obstacle(of: id)
      let moment = JobRelease.restart(of: job.state, runAt: job.runAt, at: now)
      try move(id, to: JobRelease.state(waitingFor: obstacle, runAt: moment, at: now), at: now) { job in
        job.runAt = moment
        job.failures = 0
        job.crashes = 0
        job.output = nil
        job.waitReason = obstacle
      }
      losses.removeAll { $0.job == id }
      try notifyChildren(of: id, at: now)
    }
  }
}
