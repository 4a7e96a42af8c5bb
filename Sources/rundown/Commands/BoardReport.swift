import JobQueue
import JobWorker
import Manifests
import Presentation
import StreamingJobs

/// Reads the board of a manifest from the queue and shows it.
struct BoardReport {
  let expansion: Expansion
  let options: GlobalOptions
  /// The jobs that an apply met or enqueued, by the resource's index; empty where none was just done.
  var receipts: [JobID] = []

  /// The board as it is now.
  func board(in store: any QueryStore) async throws -> Board {
    var jobs = try await store.allJobs(JobQuery(labels: [ManifestLabel.manifest: expansion.name]))
    jobs += try await others(beside: jobs, in: store)
    jobs += try await foreign(beside: jobs, in: store)
    let blocked = jobs.filter { $0.state == .blocked }.map(\.id)
    let stuck = blocked.isEmpty ? [] : try await store.needingOperator(among: blocked)
    return Board(expansion, jobs: jobs, stuck: stuck, inventory: try await store.inventory(of: expansion.name))
  }

  /// Jobs of other manifests for resources that this manifest shares with them: parents of its own jobs.
  private func others(beside jobs: [Job], in store: any QueryStore) async throws -> [Job] {
    let own = Dictionary(
      jobs.compactMap { job in job.uniqueKey.map { ($0, job.id) } }, uniquingKeysWith: { first, _ in first })
    let keys = expansion.jobs.map { $0.uniqueKey ?? "" }
    let missing = Set(expansion.resources.indices.filter { own[keys[$0]] == nil })
    guard !missing.isEmpty else { return [] }
    var parents: Set<JobID> = []
    var sought = missing
    for resource in expansion.resources {
      guard let id = own[resource.job.uniqueKey ?? ""] else { continue }
      let shared = resource.job.parents.compactMap { parent in
        if case .batch(let index) = parent, sought.contains(index) { index } else { nil }
      }
      guard !shared.isEmpty else { continue }
      sought.subtract(shared)
      parents.formUnion(try await store.relatives(of: id).parents)
    }
    guard !parents.isEmpty else { return [] }
    let found = try await store.jobs(JobQuery(ids: Array(parents), limit: parents.count))
    return found.filter { job in missing.contains { keys[$0] == job.uniqueKey } }
  }

  /// The jobs of other manifests that see to what no job of this one does: an apply met them and enqueued none of its own. They
  /// are those that it met, else those that are unfinished.
  private func foreign(beside jobs: [Job], in store: any QueryStore) async throws -> [Job] {
    let known = Set(jobs.compactMap(\.uniqueKey))
    let missing = Set(expansion.jobs.compactMap(\.uniqueKey)).subtracting(known)
    guard !missing.isEmpty else { return [] }
    let ids = Set(receipts).subtracting(jobs.map(\.id)).sorted()
    var found: [Job] = []
    for start in stride(from: 0, to: ids.count, by: 1000) {
      found += try await store.jobs(JobQuery(ids: Array(ids[start..<min(start + 1000, ids.count)]), limit: 1000))
    }
    if receipts.isEmpty {
      let kinds = Set(expansion.jobs.map(\.kind)).sorted()
      found = try await store.allJobs(JobQuery(states: JobState.unfinished, kinds: kinds)).filter(\.holdsUniqueKey)
    }
    return found.filter { job in job.uniqueKey.map { missing.contains($0) } ?? false }
  }

  /// What keeps its jobs from running.
  func notices(_ board: Board, in store: any QueryStore, _ now: Timestamp) async throws -> [String] {
    let ready = board.cells.compactMap(\.job).filter { $0.state == .ready }
    guard !ready.isEmpty else { return [] }
    let times = options.times(now)
    let status = try await store.status()
    let liveness = WorkerLiveness()
    let workers = WorkerReport(status) { liveness.lives($0, at: now) }
    var notices = workers.warnings(of: Set(ready.map(\.queue)), times)
    for gate in try await store.gates().map(\.gate) where gate.state != .open {
      let waiting = ready.count { $0.gate == gate.key }
      if waiting > 0 { notices.append(GateTable.waiting(waiting, behind: gate, times)) }
    }
    return notices
  }

  /// Shows the board once.
  /// - Parameter isScreen: whether it replaces what was shown before.
  func show(_ board: Board, in store: any QueryStore, _ now: Timestamp, isScreen: Bool) async throws {
    let notices = try await notices(board, in: store, now)
    if options.json { return try JSONOutput.print("board", BoardView(board, notices: notices, at: now)) }
    let text = BoardTable.rendered(
      board, notices: notices, times: options.times(now), for: .output)
    guard isScreen, Terminal.output.isTerminal else { return try Output.painted(text) }
    try Output.write("\u{1B}[H\u{1B}[2J")
    try Output.painted(Terminal.output.page(text))
  }

  /// The same for a command that Ctrl-C ends: it says that the jobs go on, and what brings the board back.
  func wait(in store: any JobStore, file: String, profile: String?) async throws {
    let command = "rundown status -f \(file)" + (profile.map { " --profile \($0)" } ?? "")
    try await Interruption.guarded("the jobs continue; to see the board again: \(command)") {
      try await wait(in: store, clock: SystemClock())
    }
  }

  /// Waits until every stream is done or has failed: a screen for a person, a line at each step into a file.
  /// - Throws: ``CommandError`` when streams failed.
  func wait(in store: any JobStore, clock: any QueueClock) async throws {
    var changes = Changes(store: store, clock: clock)
    let isScreen = Terminal.output.isTerminal && !options.json
    var told: (summary: String, notices: [String], at: Timestamp)?
    while true {
      let now = clock.now()
      let board = try await board(in: store)
      if isScreen {
        try await show(board, in: store, now, isScreen: true)
      } else if !options.json {
        let summary = BoardTable.summary(board, options.times(now))
        let notices = try await notices(board, in: store, now)
        let isDue = told.map { now - $0.at >= .seconds(5) } ?? true
        if summary != told?.summary, isDue || !board.isOpen {
          Output.message(summary)
          for notice in notices where told?.notices.contains(notice) != true { Output.sentence(notice) }
          told = (summary, notices, now)
        }
      }
      guard board.isOpen else { return try await end(board, in: store, now, isScreen) }
      // Every commit of a worker is a change. Whoever watches leaves the machine to the workers: a fifth of its time at most.
      let cost = clock.now() - now
      try await clock.sleep(for: cost * 4)
      _ = try await changes.next(atMost: .seconds(5))
    }
  }

  private func end(_ board: Board, in store: any JobStore, _ now: Timestamp, _ isScreen: Bool) async throws {
    // The screen already shows it, except for what did not fit.
    if !isScreen { try await show(board, in: store, now, isScreen: false) }
    let (done, failed, absent) = (board.count(.done), board.count(.failed), board.count(.absent))
    guard done < board.streams.count else { return }
    // Whose jobs were cancelled meanwhile is no more on its way than what failed.
    let cancelled = absent == 0 ? nil : "\(absent) \(absent == 1 ? "has" : "have") no job any more"
    let words = [failed == 0 ? nil : "\(failed) failed", cancelled].compactMap { $0 }.joined(separator: ", ")
    throw CommandError(
      status: done > 0 ? .partlyFailed : .failed, code: "not-reached",
      message: absent == 0
        ? "\(failed) of \(board.streams.count) streams failed"
        : "\(done) of \(board.streams.count) streams are done: \(words)",
      help: failed == 0
        ? "somebody cancelled them; apply the file again to bring the streams in"
        : "rundown jobs list -l manifest=\(expansion.name) --by code says why")
  }
}
