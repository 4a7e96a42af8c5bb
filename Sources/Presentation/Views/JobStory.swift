package import JobQueue
import Settings
import StreamingJobs

/// The story of one job: what was asked, each attempt, what happens next and why.
package struct JobStory {
  let job: Job
  let attempts: [Attempt]
  let journal: Journal
  let parents: [JobID]
  let children: [JobID]
  let wait: JobWait?

  /// Reads the story of a job; nil when there is no such job.
  package static func of(_ id: JobID, in store: any JournalStore & QueryStore, now: Timestamp) async throws -> JobStory?
  {
    guard let job = try await store.jobs(JobQuery(ids: [id], limit: 1)).first else { return nil }
    let relatives = try await store.relatives(of: id)
    return JobStory(
      job: job, attempts: try await store.attempts(of: id), journal: try await store.journal(of: id),
      parents: relatives.parents, children: relatives.children, wait: try await store.wait(of: id, at: now))
  }

  /// At most so many notes of one attempt; `--json` has them all.
  private static let mostNotes = 40

  package func rendered(now: Timestamp, for terminal: Terminal) -> String {
    var lines = head(now, terminal)
    for attempt in attempts { lines += [""] + told(attempt, terminal) }
    lines += ["", PlainText.oneLine(next(now))]
    return lines.joined(separator: "\n")
  }

  private func head(_ now: Timestamp, _ terminal: Terminal) -> [String] {
    let state = terminal.paint(job.state.rawValue, JobTable.colour(job.state))
    var lines = [
      terminal.paint("job \(job.id)  \(job.kind)", .bold) + "  \(state)",
      "  enqueued  \(Moments.absolute(job.createdAt)) (\(Moments.relative(job.createdAt, to: now))), queue \(PlainText.oneLine(job.queue))"
        + (job.priority == 0 ? "" : ", priority \(job.priority)"),
    ]
    if let gate = job.gate { lines.append("  through   \(PlainText.oneLine(gate))") }
    if !job.labels.isEmpty {
      lines.append(
        PlainText.oneLine(
          "  labels    " + job.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " "))
      )
    }
    if !parents.isEmpty { lines.append("  after     " + parents.map(\.description).joined(separator: ", ")) }
    if !children.isEmpty { lines.append("  before    " + children.map(\.description).joined(separator: ", ")) }
    lines.append("  asked     " + PlainText.oneLine(job.payload))
    for effect in journal.effects.values.sorted(by: { $0.firstIntendedAt < $1.firstIntendedAt }) {
      let known = effect.origin.map { $0 == .performed ? "made by this job" : "found and adopted" }
      lines.append(
        "  effect    \(PlainText.oneLine(effect.name)): \(known ?? "asked for \(effect.intents) times, outcome unknown")"
      )
    }
    if !journal.checkpoints.isEmpty { lines.append("  steps     \(journal.checkpoints.count) written down") }
    if let output = job.output { lines.append("  result    " + PlainText.oneLine(output)) }
    return lines
  }

  private func told(_ attempt: Attempt, _ terminal: Terminal) -> [String] {
    let took = attempt.endedAt.map { Moments.span($0 - attempt.startedAt) }
    let outcome = attempt.outcome?.rawValue ?? "running"
    var lines = [
      terminal.paint("attempt \(attempt.number)", .bold) + "  \(Moments.absolute(attempt.startedAt))"
        + "  \(outcome)\(took.map { " after \($0)" } ?? "")  \(PlainText.oneLine(attempt.worker.rawValue))"
    ]
    for note in attempt.notes.prefix(Self.mostNotes) {
      lines.append("  +\(Moments.span(note.at - attempt.startedAt))  \(PlainText.oneLine(note.text))")
    }
    if attempt.notes.count > Self.mostNotes {
      lines.append("  … \(attempt.notes.count - Self.mostNotes) more; see --json")
    }
    if let failure = attempt.failure {
      lines.append("  failed: \(PlainText.oneLine("\(failure.code): \(failure.message)"))")
      if let id = failure.requestID { lines.append("  request: \(PlainText.oneLine(id))") }
      if let hint = failure.hint { lines.append("  help: \(PlainText.oneLine(hint))") }
    }
    if let moment = attempt.nextRunAt { lines.append("  next run: \(Moments.absolute(moment))") }
    if let why = attempt.why { lines.append("  because: \(PlainText.oneLine(why))") }
    return lines
  }

  /// What it waits for beside its own moment, in a sentence.
  func waiting(now: Timestamp) -> String? {
    switch wait {
    case .gate(let gate): GateTable.sentence(gate, for: job.id, now: now)
    case .budget(let wait): BudgetTable.sentence(wait, now: now)
    case .concurrency(let key, let running):
      "\(ProviderGate.words(key)) takes one after the other; now "
        + (running.count == 1 ? "job " : "jobs ") + running.prefix(5).map(\.description).joined(separator: ", ")
    case nil: nil
    }
  }

  /// When its turn comes at what it waits for, as far as is known now.
  private func turn(_ now: Timestamp) -> String {
    guard case .budget(let wait) = wait, wait.slot > now else { return "now" }
    return Moments.relative(wait.slot, to: now)
  }

  private func next(_ now: Timestamp) -> String {
    switch job.state {
    case .blocked: "waits: \(job.waitReason ?? "for its parents")"
    case .scheduled where wait != nil:
      "runs \(turn(now)): \(waiting(now: now) ?? "")"
    case .scheduled: "runs \(Moments.relative(job.runAt, to: now)): \(job.waitReason ?? "as planned")"
    case .ready where wait != nil: "waits: \(waiting(now: now) ?? "")"
    case .ready: "runs as soon as a worker of queue \(job.queue) is free: rundown worker"
    case .running: "runs now" + (job.cancelRequested ? "; asked to stop" : "")
    case .held: "held: \(job.waitReason ?? ""); rundown jobs retry \(job.id) releases it"
    case .completed: "done; nothing more will happen"
    case .dead: "given up after \(job.failures) failures; rundown jobs retry \(job.id) tries again"
    case .cancelled: cancelled
    }
  }

  private var cancelled: String {
    guard let reason = job.waitReason else { return "cancelled" }
    return reason.hasPrefix("cancelled") ? reason : "cancelled: \(reason)"
  }
}

/// The story of a job as `--json` shows it.
package struct JobStoryView: Encodable {
  var job: JobView
  var attempts: [AttemptView]
  var parents: [Int64]
  var children: [Int64]
  var effects: [EffectRecord]
  var checkpoints: Int
  /// What it waits for beside its own moment, in a sentence.
  var wait: String?

  package init(_ story: JobStory, now: Timestamp) {
    job = JobView(story.job)
    attempts = story.attempts.map { AttemptView($0) }
    parents = story.parents.map(\.rawValue)
    children = story.children.map(\.rawValue)
    effects = story.journal.effects.values.sorted { $0.name < $1.name }
    checkpoints = story.journal.checkpoints.count
    wait = story.waiting(now: now)
  }
}
