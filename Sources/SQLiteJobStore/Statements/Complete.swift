public import JobQueue

/// The statements that record how attempts ended.
enum CompleteStatements {
  /// By the primary key; the other terms are the fence.
  static let fence = """
    SELECT cancel_requested, wait_reason FROM job WHERE id = ?1 AND state = 'running' AND lease_owner = ?2 AND token = ?3
    """

  /// The usual end; it touches no more columns, and with them indexes, than it must.
  static let done = """
    UPDATE job SET state = 'completed', updated_at = ?2, finished_at = ?2, lease_owner = NULL, lease_expires_at = NULL,
      cancel_requested = 0, wait_reason = NULL, output = ?3
    WHERE id = ?1
    """

  static let end = """
    UPDATE job SET state = ?2, run_at = coalesce(?3, run_at), updated_at = ?4, finished_at = ?5,
      failures = failures + ?6, lease_owner = NULL, lease_expires_at = NULL, cancel_requested = 0, wait_reason = ?7,
      failure_code = coalesce(?8, failure_code), failure = coalesce(?9, failure)
    WHERE id = ?1
    """

  static let endAttempt = """
    UPDATE attempt SET ended_at = ?3, outcome = ?4, failure = ?5, next_run_at = ?6, why = ?7
    WHERE job = ?1 AND number = ?2
    """

  static let note = "INSERT INTO note (job, attempt, at, text) VALUES (?1, ?2, ?3, ?4)"

  /// Uses `job_child`.
  static let children = """
    SELECT child FROM job_parent JOIN job ON job.id = child WHERE parent = ?1 AND job.state = 'blocked'
    """

  /// Uses the primary key of `job_parent`.
  static let parents = """
    SELECT job.id, job.state FROM job_parent JOIN job ON job.id = parent WHERE child = ?1 ORDER BY parent
    """

  static let release = """
    UPDATE job SET state = CASE WHEN run_at > ?2 THEN 'scheduled' ELSE 'ready' END, updated_at = ?2, wait_reason = NULL
    WHERE id = ?1 AND state = 'blocked'
    """

  static let explain = "UPDATE job SET wait_reason = ?2, updated_at = ?3 WHERE id = ?1"
}

extension SQLiteJobStore {
  /// Records how attempts ended, in one commit.
  public func complete(_ completions: [Completion], at now: Timestamp) async throws -> [CompletionReceipt] {
    guard !completions.isEmpty else { return [] }
    try StoreLimits.check(count: completions.count, of: "completions", "complete")
    for completion in completions {
      if case .done(let output) = completion.outcome {
        try StoreLimits.check("complete", text: output, "the output", of: "job \(completion.lease.job)")
      }
    }
    return try await writer.perform("complete", wakes: true) { connection in
      try completions.map { try connection.end($0, at: now) }
    }
  }
}

extension Connection {
  func end(_ completion: Completion, at now: Timestamp) throws -> CompletionReceipt {
    let lease = completion.lease
    let held = try first(CompleteStatements.fence, lease.job, lease.owner, lease.token) { row in
      (cancelRequested: try row.next(Bool.self), why: try row.next(String?.self))
    }
    guard let held else { return .leaseLost }
    let outcome = held.cancelRequested ? completion.outcome.calledOff(why: held.why) : completion.outcome
    let state = outcome.nextState(at: now)
    let failure = try outcome.failure.map { try JSONText.encode($0) }
    if case .done(let output) = outcome {
      try run(CompleteStatements.done, lease.job, now, output)
    } else {
      try run(
        CompleteStatements.end, lease.job, state, outcome.nextRun, now, state.isFinished ? now : nil,
        outcome.countsAsFailure ? 1 : 0, outcome.waitReason, outcome.failure?.code, failure)
    }
    try run(
      CompleteStatements.endAttempt, lease.job, lease.token, now, outcome.word, failure, outcome.nextRun,
      outcome.waitReason)
    try add(completion.notes, under: lease)
    if state.isFinished { try tellChildren(of: lease.job, ended: state, at: now) }
    return .recorded(state)
  }

  func add(_ notes: [Note], under lease: Lease) throws {
    for note in notes { try run(CompleteStatements.note, lease.job, lease.token, note.at, note.text) }
  }

  /// Releases the children that waited for nothing else, or tells them why they will go on waiting.
  func tellChildren(of parent: JobID, ended state: JobState, at now: Timestamp) throws {
    let children = try all(CompleteStatements.children, parent) { try $0.next(JobID.self) }
    for child in children {
      let others = try parents(of: child).filter { $0.state != .completed }
      if others.isEmpty {
        try run(CompleteStatements.release, child, now)
      } else {
        try run(CompleteStatements.explain, child, WaitReason.blocked(by: others), now)
      }
    }
  }

  func parents(of child: JobID) throws -> [(id: JobID, state: JobState)] {
    try all(CompleteStatements.parents, child) { (id: try $0.next(JobID.self), state: try $0.next(JobState.self)) }
  }
}

extension Outcome {
  /// A person's request ends whatever would run again; what is already done or dead stays so.
  func calledOff(why: String?) -> Outcome {
    switch self {
    case .done, .dead, .cancelled: self
    case .retry, .snooze, .hold, .handBack: .cancelled(why: why ?? "called off while it was running")
    }
  }

  var failure: Failure? {
    switch self {
    case .retry(_, let failure, _), .dead(let failure): failure
    case .done, .snooze, .hold, .cancelled, .handBack: nil
    }
  }

  var nextRun: Timestamp? {
    switch self {
    case .retry(let moment, _, _), .snooze(let moment, _): moment
    case .done, .hold, .dead, .cancelled, .handBack: nil
    }
  }

  var waitReason: String? {
    switch self {
    case .retry(_, _, let why), .snooze(_, let why), .hold(let why), .cancelled(let why), .handBack(let why): why
    case .done, .dead: nil
    }
  }
}
