package import JobQueue
import Settings
import StreamingJobs

/// The history of one job: its parameters, each attempt, what happens next and why.
package struct JobReport {
  let job: Job
  let attempts: [Attempt]
  let journal: Journal
  let parents: [JobID]
  let children: [JobID]
  let wait: JobWait?

  /// Reads the history of a job; nil if there is no such job.
  package static func of(_ id: JobID, in store: any JournalStore & QueryStore, now: Timestamp) async throws
    -> JobReport?
  {
    guard let job = try await store.jobs(JobQuery(ids: [id], limit: 1)).first else { return nil }
    let relatives = try await store.relatives(of: id)
    return JobReport(
      job: job, attempts: try await store.attempts(of: id), journal: try await store.journal(of: id),
      parents: relatives.parents, children: relatives.children, wait: try await store.obstacle(for: id, at: now))
  }

  /// The maximum number of notes shown for one attempt; `--json` has all of them.
  private static let mostNotes = 40

  /// - Parameter last: the maximum number of attempts, newest first; nil for all.
  package func rendered(last: Int? = nil, times: TimeFormat, for terminal: Terminal) -> String {
    var lines = head(times, terminal)
    let newestFirst = FoldedAttempt.folded(attempts.reversed())
    let shown = newestFirst.prefix(last ?? newestFirst.count)
    for attempt in shown { lines += [""] + told(attempt, times, terminal) }
    let hidden = newestFirst.dropFirst(shown.count).reduce(0) { $0 + 1 + $1.alike }
    if hidden > 0 {
      lines += ["", "\(hidden) earlier \(hidden == 1 ? "attempt" : "attempts") not shown; leave out --last to see all"]
    }
    lines += ["", terminal.paragraph(next(times))]
    return lines.joined(separator: "\n")
  }

  private func head(_ times: TimeFormat, _ terminal: Terminal) -> [String] {
    let state = terminal.paint(job.state.rawValue, JobTable.colour(job.state))
    func fact(_ name: String, _ text: String) -> String {
      terminal.paragraph("  " + name.padding(10) + PlainText.oneLine(text), indent: 10)
    }
    var lines = [terminal.paint("job \(job.id)  \(job.kind)", .bold) + "  \(state)"]
    lines.append(
      fact(
        "enqueued",
        "\(times.absolute(job.createdAt)) (\(times.relative(job.createdAt))), queue \(job.queue)"
          + (job.priority == 0 ? "" : ", priority \(job.priority)")))
    if let gate = job.gate { lines.append(fact("gate", gate)) }
    if !job.labels.isEmpty {
      lines.append(
        fact("labels", job.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")))
    }
    if !parents.isEmpty { lines.append(fact("after", parents.map(\.description).joined(separator: ", "))) }
    if !children.isEmpty { lines.append(fact("before", children.map(\.description).joined(separator: ", "))) }
    lines += FieldList.lines("asked", job.payload, for: terminal)
    for effect in journal.effects.values.sorted(by: { $0.firstIntendedAt < $1.firstIntendedAt }) {
      lines.append(fact("effect", "\(effect.name): \(words(on: effect))"))
    }
    if !journal.checkpoints.isEmpty { lines.append(fact("steps", "\(journal.checkpoints.count) recorded")) }
    if let output = job.output { lines += FieldList.lines("result", output, for: terminal) }
    return lines
  }

  /// What became of an effect. Something that already existed counts as adopted only if the job found it as requested:
  /// a job that is unfinished or dead has not compared it, or has found differences.
  private func words(on effect: EffectRecord) -> String {
    switch effect.origin {
    case .performed: return "created by this job"
    case .adopted where job.state == .completed: return "found and adopted"
    case .adopted where job.lastFailure?.code == "differs": return "found, but it differs from what was asked for"
    case .adopted: return "found"
    case nil:
      return "requested \(effect.intents == 1 ? "once" : "\(effect.intents) times"), outcome unknown"
    }
  }

  private func told(_ folded: FoldedAttempt, _ times: TimeFormat, _ terminal: Terminal) -> [String] {
    let attempt = folded.attempt
    let took = attempt.endedAt.map { TimeText.span($0 - attempt.startedAt) }
    let outcome = attempt.outcome?.rawValue ?? "running"
    func line(_ text: String) -> String { terminal.paragraph("  " + PlainText.oneLine(text)) }
    var lines = [
      terminal.paint("attempt \(attempt.number)", .bold) + "  \(times.absolute(attempt.startedAt))"
        + "  \(outcome)\(took.map { " after \($0)" } ?? "")"
    ]
    lines.append(line("by \(attempt.worker.rawValue)"))
    for note in attempt.notes.prefix(Self.mostNotes) {
      lines.append(line("+\(TimeText.span(note.at - attempt.startedAt))  \(note.text)"))
    }
    if attempt.notes.count > Self.mostNotes {
      lines.append("  … \(attempt.notes.count - Self.mostNotes) more; see --json")
    }
    if let failure = attempt.failure {
      lines.append(line("failed: \(FailureText.of(failure))"))
      if let id = failure.requestID { lines.append(line("request: \(id)")) }
      if let hint = failure.hint { lines.append(line("help: \(hint)")) }
    }
    if let moment = attempt.nextRunAt { lines.append("  next run: \(times.absolute(moment))") }
    if let why = attempt.why { lines.append(line("because: \(why)")) }
    if folded.alike > 0 {
      lines.append("  \(folded.alike) more like this, since \(times.absolute(folded.firstStartedAt))")
    }
    return lines
  }

  /// What it waits for besides its planned time, as a sentence.
  func waiting(_ times: TimeFormat) -> String? {
    switch wait {
    case .gate(let gate): GateTable.sentence(gate, for: job.id, times)
    case .budget(let wait): BudgetTable.sentence(wait, times)
    case .concurrency(let key, let running):
      "\(ProviderGate.words(key)) takes one at a time; now "
        + (running.count == 1 ? "job " : "jobs ") + running.prefix(5).map(\.description).joined(separator: ", ")
    case nil: nil
    }
  }

  /// When its turn comes, as far as is known now.
  private func turn(_ times: TimeFormat) -> String {
    guard case .budget(let wait) = wait, wait.slot > times.now else { return "now" }
    return times.relative(wait.slot)
  }

  private func next(_ times: TimeFormat) -> String {
    switch job.state {
    case .blocked: "blocked: \(job.waitReason ?? "waits for its parents")"
    case .scheduled where wait != nil:
      "runs \(turn(times)): \(waiting(times) ?? "")"
    case .scheduled:
      "runs \(times.relative(job.runAt)), at \(times.absolute(job.runAt)): \(job.waitReason ?? "as scheduled")"
    case .ready where wait != nil: "waits: \(waiting(times) ?? "")"
    case .ready: "runs as soon as a worker of queue \(job.queue) is free: rundown worker"
    case .running: "running" + (job.cancelRequested ? "; asked to stop" : "")
    case .held: "held: \(job.waitReason ?? ""); rundown jobs retry \(job.id) releases it"
    case .completed: "completed"
    case .dead: dead
    case .cancelled: cancelled
    }
  }

  /// A job that was given up before its attempts were used up would fail the same way again: the cause does not go away
  /// by itself.
  private var dead: String {
    let discard = "rundown jobs discard \(job.id) sets it aside"
    guard job.failures >= job.maxAttempts else {
      return "given up: fix the cause first, or it will end the same way; then rundown jobs retry \(job.id)."
        + " Otherwise \(discard)"
    }
    return "given up after \(job.failures) \(job.failures == 1 ? "failure" : "failures");"
      + " rundown jobs retry \(job.id) tries again, \(discard)"
  }

  private var cancelled: String {
    guard let reason = job.waitReason else { return "cancelled" }
    return reason.hasPrefix("cancelled") || reason.hasPrefix("discarded") ? reason : "cancelled: \(reason)"
  }
}

extension String {
  /// The text padded with spaces to a width.
  fileprivate func padding(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

/// The history of a job as `--json` shows it.
package struct JobReportView: Encodable {
  var job: JobView
  var attempts: [AttemptView]
  var parents: [Int64]
  var children: [Int64]
  var effects: [EffectRecord]
  var checkpoints: Int
  /// What it waits for besides its planned time, as a sentence.
  var wait: String?

  package init(_ report: JobReport, now: Timestamp) {
    job = JobView(report.job)
    attempts = report.attempts.map { AttemptView($0) }
    parents = report.parents.map(\.rawValue)
    children = report.children.map(\.rawValue)
    effects = report.journal.effects.values.sorted { $0.name < $1.name }
    checkpoints = report.journal.checkpoints.count
    wait = report.waiting(TimeFormat(now: now, zone: .utc))
  }
}
