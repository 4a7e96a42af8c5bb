import JobQueue
import JobWorker
import Presentation

/// What `wait` prints on standard error besides its count: which jobs are stuck, what keeps jobs from running, how far
/// uploads are. None of it ends the waiting.
struct WaitReport {
  /// Most waits are over by then.
  private static let silence: Duration = .seconds(2)
  /// How often the progress of uploads is reported: on a terminal, and in a log.
  private static let interval: (terminal: Duration, file: Duration) = (.seconds(5), .seconds(60))
  /// The maximum number of stuck jobs that are named.
  private static let mostNamed = 5

  private let start: Timestamp
  private let times: (Timestamp) -> TimeFormat
  private var told: Set<String> = []
  private var named = 0
  private var running = RunningJobs()
  private var lastProgress: Timestamp?
  private var lastScheduled: Timestamp?

  /// - Parameter times: how times are shown.
  init(start: Timestamp, times: @escaping (Timestamp) -> TimeFormat) {
    self.start = start
    self.times = times
  }

  /// How long to wait at most before the next look.
  func pause(_ now: Timestamp) -> Duration {
    let begun = now - start
    return begun < Self.silence ? max(.milliseconds(10), Self.silence - begun) : .seconds(5)
  }

  /// Reports what is new.
  /// - Parameter lost: the numbers of jobs that need an operator.
  mutating func print(_ jobs: [Job], lost: [Int64], in store: any JobStore, _ now: Timestamp) async throws {
    let times = times(now)
    if !lost.isEmpty {
      let lost = Set(lost)
      printStuck(jobs.filter { lost.contains($0.id.rawValue) })
    }
    printScheduled(jobs, now, times)
    guard now - start >= Self.silence else { return }
    let ready = jobs.filter { $0.state == .ready }
    if !ready.isEmpty {
      let status = try await store.status()
      let liveness = WorkerLiveness()
      let workers = WorkerReport(status) { liveness.lives($0, at: now) }
      let queues = Set(ready.map(\.queue))
      let unserved = workers.unserved.filter { queues.contains($0.queue) }.map(\.queue)
      print(workers.warnings(of: queues, times), once: "workers \(workers.living.isEmpty) \(unserved)")
    }
    for status in try await store.gates() where status.gate.state != .open {
      let waiting = ready.count { $0.gate == status.gate.key }
      guard waiting > 0 else { continue }
      let key = "gate \(status.gate.key) \(status.gate.closedAt?.milliseconds ?? 0)"
      print([GateTable.waiting(waiting, behind: status.gate, times)], once: key)
    }
    if jobs.contains(where: { $0.state == .scheduled }) {
      for budget in try await store.budgets(at: now) where budget.waiting > 0 {
        print([BudgetTable.sentence(budget, times)], once: "budget \(budget.key)")
      }
    }
    try await printProgress(jobs, in: store, now)
  }

  /// Reported at once, because nothing will happen until then; again if the next time changes, but not at every retry
  /// of many jobs.
  private mutating func printScheduled(_ jobs: [Job], _ now: Timestamp, _ times: TimeFormat) {
    if let lastScheduled, now - lastScheduled < interval { return }
    guard let sentence = ScheduledJobs.sentence(jobs, notice: Self.silence, times) else { return }
    let next = jobs.filter { $0.state == .scheduled }.map(\.runAt).min()
    print([sentence], once: "scheduled \(next?.milliseconds ?? 0)")
    lastScheduled = now
  }

  private var interval: Duration { Terminal.error.isTerminal ? Self.interval.terminal : Self.interval.file }

  private mutating func printProgress(_ jobs: [Job], in store: any JobStore, _ now: Timestamp) async throws {
    if let lastProgress, now - lastProgress < interval { return }
    let sentences = try await running.sentences(on: jobs, in: store, now)
    guard !sentences.isEmpty else { return }
    lastProgress = now
    for sentence in sentences { Output.paintedMessage(Terminal.error.paragraph(sentence)) }
  }

  private mutating func printStuck(_ lost: [Job]) {
    for job in lost.sorted(by: { $0.id < $1.id }) where told.insert("job \(job.id) \(job.state)").inserted {
      named += 1
      guard named <= Self.mostNamed else {
        if named == Self.mostNamed + 1 { Output.message("… more jobs are stuck; see: rundown jobs list --by code") }
        continue
      }
      let why = JobTable.why(job, [])
      let words = "job \(job.id) \(job.kind) is \(job.state.rawValue)" + (why.isEmpty ? "" : ": \(why)")
      Output.paintedMessage(Terminal.error.paragraph(words))
    }
  }

  private mutating func print(_ sentences: [String], once key: String) {
    guard !sentences.isEmpty, told.insert(key).inserted else { return }
    for sentence in sentences { Output.paintedMessage(Terminal.error.paragraph(sentence)) }
  }
}
