import JobQueue
import Manifests
import Presentation
import SQLiteJobStore
import Settings
import StreamingJobs

/// `rundown apply` of a saved plan: checks that everything is as it was when the plan was made, then enqueues exactly
/// its jobs.
struct SavedPlanRun {
  let saved: SavedPlan
  let path: String
  /// Whether the board is shown until every stream is done or has failed.
  let wait: Bool
  let options: GlobalOptions

  /// The maximum number of differences shown; more would push the first ones off the screen.
  private static let mostShown = 10

  func run() async throws {
    let source = saved.head.source
    let changed = ReadFiles.changes(of: saved.head.files, limit: 64 << 20)
    try refuse(changed, "a file that the plan was made from has changed")
    let manifest = try ManifestInput.read(source.file, profile: source.profile)
    let settings = try ManifestOptions.settings(options, manifest, connections: source.connections)
    let now = SystemClock().now()
    let resources = saved.plan.entries.map(\.resource)
    let look = try await PlanLook(at: resources, of: saved.head.manifest, settings, now: now) { _ in saved.toLookFor }
    if let problem = PlanLook.problem(
      Plan(manifest: saved.head.manifest, resources, states: look.states), help: "nothing was enqueued")
    {
      throw problem
    }
    try refuse(
      saved.moved(look.states, completed: try await completed(settings)), "things have changed since the plan was made")
    let waves = try saved.waves()
    guard saved.plan.hasChanges || wait && !Queue.isMissing(settings) else {
      return try tell([], [:], nil, waves, settings)
    }
    try await Queue.with(settings, mustExist: false) { store in
      let entered = try await BatchEnqueue(verb: "apply", source: saved.head.manifest).enqueue(waves.jobs, in: store)
      let receipts = waves.indices.map { entered.receipts[$0] }
      let others = try await PresentJobs.differences(saved.plan.jobs, receipts, in: store)
      try tell(receipts, others, entered.batch, waves, settings)
      if !options.json { entered.printBatch() }
      guard wait else { return }
      let expansion = try manifest.expanded(known: settings.connections.namesBySection, now: saved.head.madeAt)
      try await BoardReport(expansion: expansion, options: options)
        .wait(in: store, file: source.file, profile: source.profile)
    }
  }

  private func tell(
    _ receipts: [EnqueueReceipt], _ others: [JobID: [String]], _ batch: String?, _ waves: RolloutWaves,
    _ settings: Settings
  ) throws {
    try ApplyReport.applied(
      saved.expansion, receipts, others: others, batch: batch, streams: saved.head.streams,
      skipped: saved.plan.entries.count - saved.plan.jobs.count, waves: waves, in: settings,
      json: options.json)
  }

  private func refuse(_ differences: [String], _ what: String) throws {
    guard !differences.isEmpty else { return }
    let rest = differences.count - Self.mostShown
    throw CommandError(
      status: .conflict,
      diagnostics: [
        Diagnostic(
          code: "RD0434", message: "\(what); nothing was enqueued", flag: path,
          notes: differences.prefix(Self.mostShown) + (rest > 0 ? ["… and \(rest) more"] : []),
          help: "run plan again and check what is different")
      ])
  }

  /// The jobs of the plan that were unfinished and have completed since.
  private func completed(_ settings: Settings) async throws -> Set<JobID> {
    let pending = saved.plan.entries.compactMap { $0.state.job?.id }
    guard !pending.isEmpty, !Queue.isMissing(settings) else { return [] }
    return try await Queue.looking(settings) { store in
      let jobs = try await store.jobs(JobQuery(states: [.completed], ids: pending, limit: pending.count))
      return Set(jobs.map(\.id))
    }
  }
}
