public import JobQueue

/// The statements for an operator's actions.
enum PersonStatements {
  /// The reason is stored where the worker that ends the job, or its loss, finds it.
  static let request = "UPDATE job SET cancel_requested = 1, updated_at = ?2, wait_reason = ?3 WHERE id = ?1"

  static let cancel = """
    UPDATE job SET state = 'cancelled', finished_at = ?2, updated_at = ?2, wait_reason = ?3 WHERE id = ?1
    """

  static let again = """
    UPDATE job SET state = ?2, run_at = ?3, updated_at = ?4, finished_at = NULL, failures = 0, crashes = 0,
      wait_reason = ?5, output = NULL
    WHERE id = ?1
    """

  // One for each state: its jobs are found by an index that contains no others.

  /// Uses `job_aside`.
  static let holdBlocked = "UPDATE job SET state = 'held', wait_reason = ?1, updated_at = ?2 WHERE state = 'blocked'"

  /// Uses `job_due`.
  static let holdScheduled = """
    UPDATE job SET state = 'held', wait_reason = ?1, updated_at = ?2 WHERE state = 'scheduled'
    """

  /// Uses `job_claim`.
  static let holdReady = "UPDATE job SET state = 'held', wait_reason = ?1, updated_at = ?2 WHERE state = 'ready'"

  static let release = """
    UPDATE job SET state = ?2, run_at = ?3, updated_at = ?4, wait_reason = ?5 WHERE id = ?1
    """

  static let moment = "SELECT run_at FROM job WHERE id = ?1"

  static let now = "UPDATE job SET state = 'ready', run_at = ?2, updated_at = ?2, wait_reason = NULL WHERE id = ?1"
}

extension SQLiteJobStore {
  /// Cancels jobs.
  public func cancel(
    _ jobs: [JobID], why: String, by author: Operator, at now: Timestamp
  ) async throws -> [JobID: JobState] {
    try await end(jobs, .cancel, OperatorStep.cancelling, why: why, by: author, at: now)
  }

  /// Puts jobs aside.
  public func discard(
    _ jobs: [JobID], why: String, by author: Operator, at now: Timestamp
  ) async throws -> [JobID: JobState] {
    try await end(jobs, .discard, OperatorStep.discarding, why: why, by: author, at: now)
  }

  private func end(
    _ jobs: [JobID], _ verb: AuditVerb, _ step: @escaping @Sendable (JobState) -> OperatorStep, why: String,
    by author: Operator, at now: Timestamp
  ) async throws -> [JobID: JobState] {
    try JobLimits.check(verb.rawValue, text: why, "the reason", of: "\(jobs.count) jobs")
    return try await writer.perform(verb.rawValue, wakes: true) { connection in
      var states: [JobID: JobState] = [:]
      var changed = 0
      for job in jobs {
        guard let state: JobState = try connection.value(Enqueue.state, job) else { continue }
        states[job] = state
        if step(state) != .nothing { changed += 1 }
        switch step(state) {
        case .request:
          try connection.run(PersonStatements.request, job, now, why)
          try connection.raiseDoubt(of: job)
        case .end:
          try connection.run(PersonStatements.cancel, job, now, why)
          try connection.notifyChildren(of: job, at: now)
          // What a job left open when it ended may belong to another job by now.
          if !state.isFinished { try connection.settleDoubt(of: job, at: now) }
          try connection.updateLine(of: job, in: .cancelled, at: now)
          states[job] = .cancelled
        case .nothing, .runNow, .release, .hold, .takeBack, .restart: break
        }
      }
      try connection.audit(verb, author.chosen(jobs), count: changed, by: author, at: now)
      return states
    }
  }

  /// Makes jobs ready again.
  public func retry(_ jobs: [JobID], by author: Operator, at now: Timestamp) async throws -> [JobID: JobState] {
    try await writer.perform("retry", wakes: true) { connection in
      var states: [JobID: JobState] = [:]
      var changed = 0
      for job in jobs {
        guard let state: JobState = try connection.value(Enqueue.state, job) else { continue }
        if OperatorStep.retrying(state) != .nothing { changed += 1 }
        states[job] = try connection.retry(job, in: state, at: now)
      }
      try connection.audit(.retry, author.chosen(jobs), count: changed, by: author, at: now)
      return states
    }
  }
}

extension SQLiteJobStore {
  /// Holds all unfinished jobs.
  public func holdUnfinished(why: String, by author: Operator, at now: Timestamp) async throws -> Int {
    try JobLimits.check("hold", text: why, "the reason", of: "all jobs")
    return try await writer.perform("hold", wakes: true) { connection in
      // First, since the end of a cancelled job releases the next one of its key.
      var held = 0
      for job in try connection.runningJobs() {
        let verdict = job.held(why: why)
        try connection.takeBack(job, verdict, at: now)
        held += verdict.state == .held ? 1 : 0
      }
      let waiting = [PersonStatements.holdBlocked, PersonStatements.holdScheduled, PersonStatements.holdReady]
      for statement in waiting { held += try connection.run(statement, why, now) }
      try connection.fillBudgets(at: now)
      try connection.audit(.hold, author.filter ?? "all unfinished", count: held, by: author, at: now)
      return held
    }
  }
}

extension Connection {
  fileprivate func release(_ job: JobID, at now: Timestamp) throws -> JobState {
    let why = try obstacle(of: job)
    let moment: Timestamp = try value(PersonStatements.moment, job) ?? now
    let next = JobRelease.state(waitingFor: why, runAt: moment, at: now)
    try run(PersonStatements.release, job, next, next == .ready ? now : moment, now, why)
    try updateLine(of: job, in: next, at: now)
    return next
  }

  fileprivate func retry(_ job: JobID, in state: JobState, at now: Timestamp) throws -> JobState {
    switch OperatorStep.retrying(state) {
    case .nothing, .request, .end, .hold, .takeBack: return state
    case .runNow:
      try run(PersonStatements.now, job, now)
      return .ready
    case .release: return try release(job, at: now)
    case .restart:
      let key = try value(DoubtStatements.key, job, as: String?.self) ?? nil
      // Its own intents belong to it again.
      try run(DoubtStatements.drop, job)
      let predecessor = try endingJob(of: key)
      try follow(predecessor, by: job, key: key, at: now)
      let why = try obstacle(of: job)
      let known: Timestamp = try value(PersonStatements.moment, job) ?? now
      let moment = JobRelease.restart(of: state, runAt: known, at: now)
      let next = JobRelease.state(waitingFor: why, runAt: moment, at: now)
      do {
        try run(PersonStatements.again, job, next, moment, now, why)
      } catch let failure as SQLiteFailure where failure.isUniqueConflict {
        let holder = try holder(of: key)
        throw holder.uniqueness.conflict(retrying: job, heldBy: holder.job)
      }
      try run(LossStatements.closeJob, job)
      for child in try all(CompleteStatements.children, job, row: BlockedJob.read) {
        try run(CompleteStatements.explain, child.id, try obstacle(of: child.id), now)
      }
      return next
    }
  }
}
