internal import JobQueue
internal import Logging

/// Takes a leased job from its lease to the recorded end of its attempt.
struct Executor: Sendable {
  let store: any JobStore
  let registry: HandlerRegistry
  let configuration: WorkerConfiguration
  let clock: any QueueClock
  let rule: OutcomeRule
  let faults: any FaultInjector
  let book: LeaseBook
  let completer: Completer
  let slotFreed: Bell
  let rescheduled: Bell
  let gates: GateLog
  let logger: Logger
  let events: @Sendable (WorkerEvent) -> Void

  /// Runs the job and records what came of it; gives its slot free at the end.
  func execute(_ run: Run) async {
    do {
      try await faults.reached(.leased)
      let notebook = Notebook()
      if let (outcome, isAnswered) = await outcome(of: run, notebook: notebook) {
        try await faults.reached(.beforeCompletion)
        let lease = run.leased.lease
        await record(
          Completion(lease: lease, outcome: outcome, notes: notebook.take(), isAnswered: isAnswered), of: run)
        try await faults.reached(.completed)
      } else {
        drop(run)
      }
    } catch {
      // A fault point that throws stands for a worker that died there: nothing is recorded, the lease runs out.
      logger.warning("left the job at a fault point", metadata: metadata(of: run.leased))
    }
    await book.release(run.leased.lease)
    await slotFreed.ring()
  }

  /// How long an attempt of a job may take.
  func timeout(of job: Job) -> Duration {
    configuration.timeouts[job.kind] ?? registry[job.kind]?.policy.timeout ?? JobPolicy().timeout
  }

  private func outcome(of run: Run, notebook: Notebook) async -> (Outcome, isAnswered: Bool)? {
    let job = run.leased.job
    guard let entry = registry[job.kind] else { return (rule.unknownKind(job), isAnswered: false) }
    let context = JobContext(job: run.leased, store: store, clock: clock, notebook: notebook, faults: faults)
    let around = configuration.around
    let end = await run.perform {
      try await around(context) { try await entry.run(context) }
    }
    return rule.outcome(of: end, for: job, entry: entry, madeProgress: notebook.madeProgress).map {
      (notebook.filtered($0), isAnswered: notebook.hasAnswer || rule.isAnAnswer(end))
    }
  }

  private func record(_ completion: Completion, of run: Run) async {
    guard case .recorded(let state) = await completer.record(completion) else { return drop(run) }
    let outcome = completion.outcome.recorded(as: state)
    await gates.ended(completion, as: outcome, of: run.leased.job, startedAt: run.startedAt, at: clock.now())
    switch outcome {
    // A gate that closed lets a probe through at a moment, too.
    case .closeGate: await rescheduled.ring()
    default: if state == .scheduled { await rescheduled.ring() }
    }
    let took = clock.now() - run.startedAt
    log(outcome, of: run.leased, took: took)
    events(.recorded(run.leased, outcome, state: state, took: took))
  }

  private func log(_ outcome: Outcome, of leased: LeasedJob, took: Duration) {
    let level: Logger.Level =
      switch outcome {
      case .done, .snooze, .closeGate, .handBack: .info
      case .retry, .dead, .suspectsOutage, .hold, .cancelled: .notice
      }
    // What is not logged is not put together either.
    guard logger.logLevel <= level else { return }
    var facts = metadata(of: leased)
    facts["outcome"] = "\(outcome.word.rawValue)"
    facts["ms"] = "\(took.wholeMilliseconds)"
    switch outcome {
    case .retry(_, let failure, _), .dead(let failure):
      facts["code"] = "\(failure.code)"
      facts["cause"] = "\(failure.message)"
    case .done, .snooze, .closeGate, .suspectsOutage, .handBack, .hold, .cancelled: break
    }
    logger.log(level: level, "attempt ended", metadata: facts)
  }

  private func drop(_ run: Run) {
    logger.notice("the lease was lost; the attempt's end is not recorded", metadata: metadata(of: run.leased))
    events(.dropped(run.leased))
  }

  private func metadata(of leased: LeasedJob) -> Logger.Metadata {
    ["job": "\(leased.job.id)", "kind": "\(leased.job.kind)", "attempt": "\(leased.lease.token)"]
  }
}
