import ArgumentParser
import JobQueue
import Manifests
import Settings
import StreamingJobs

/// `rundown plan`.
struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show what an apply of a manifest or a sheet would create, change and adopt.",
    discussion: """
      EXAMPLES:
        rundown plan gig.csv --profile s3-hls-eu
        rundown plan jobs/onboard-200.yaml --out league.plan
        rundown plan jobs/onboard-200.yaml --detailed-exitcode --json

      It asks the providers and changes nothing; it reads the queue file if there is
      one, but does not create it. With --out the plan is saved: rundown apply FILE
      then does exactly that, or refuses if anything has changed since.

      It exits with 0 (with --detailed-exitcode: 10 if there is something to change),
      8 if something that exists may not be changed, 4 if a provider refuses the
      credentials, and 5 if one cannot be reached.
      """)

  @OptionGroup var input: ManifestOptions

  @Option(help: "Save the plan in this file, for rundown apply FILE.")
  var out: String?

  @Flag(name: .customLong("detailed-exitcode"), help: "Exit with 10 if there is something to change.")
  var detailedExitcode = false

  @Option(
    name: .customLong("explain-values"), help: "Show this stream's values and where each comes from; ask no provider.")
  var explainValues: String?

  @Flag(name: .customLong("no-rollout"), help: "Plan all jobs at once, ignoring rollout.")
  var noRollout = false

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let files = ReadFiles()
    let manifest = try input.manifest(noting: files)
    if let explainValues { return try StreamValuesReport.print(explainValues, manifest, json: options.json) }
    let settings = try input.settings(options, for: manifest, noting: files)
    let now = SystemClock().now()
    let known = ConnectionCheck(settings)
    var whole = try manifest.expanded(known: Apply.known(settings), now: now, check: known)
    if noRollout { whole.rollout = nil }
    let expansion = whole
    try manifest.check(expansion, by: known)
    try checkConfigured(expansion, settings)
    Warnings.tell(expansion.warnings)
    let look = try await PlanLook(at: expansion.resources, of: expansion.name, settings, now: now) { known in
      Plan.toLookFor(expansion.resources, pending: known.pending, at: now)
    }
    let plan = Plan(manifest: expansion.name, expansion.resources, states: look.states)
    let report = PlanReport(
      plan: plan, expansion: expansion,
      forecast: PlanForecast(plan, calls: look.calls, limits: PlanLook.limits(settings), at: now),
      budgets: look.budgets, times: options.times(now))
    if options.json { try report.printJSON() } else { try report.print() }
    if let problem = problem(plan) { throw problem }
    try save(plan, expansion, files, now)
    if detailedExitcode, plan.hasChanges || plan.differentJobs > 0 { throw CommandError.silent(.changes) }
  }

  /// A plan needs every connection, because it asks all of them.
  private func checkConfigured(_ expansion: Expansion, _ settings: Settings) throws {
    guard
      let use = expansion.connections.first(where: { !settings.connections.names(in: $0.section).contains($0.name) })
    else { return }
    throw CommandError.input(
      "RD0430", "a plan asks the providers, but no connection is configured; needed: \(use.section).\(use.name)",
      flag: input.path,
      help: "name a configuration with --config, or connections with --connections; apply --dry-run needs none")
  }

  /// Why the plan cannot be carried out as it is.
  private func problem(_ plan: Plan) -> CommandError? {
    let unsaved = out == nil ? nil : "no plan was saved"
    if let problem = PlanLook.problem(plan, help: unsaved) { return problem }
    let refused = plan.counts[.refused] ?? 0
    guard refused > 0 else { return nil }
    let what = refused == 1 ? "1 resource" : "\(refused) resources"
    let help = "the plan says why; use another name, or allow the change with onExisting"
    return CommandError(
      status: .conflict, code: "RD0432", message: "\(what) cannot be created as the manifest says",
      help: unsaved.map { "\($0); \(help)" } ?? help)
  }

  /// The file and the options that belong to it, as `apply` takes them.
  private var words: String {
    let profile = input.profile.map { " --profile \($0)" } ?? ""
    let connections = input.connections.map { " --connections \($0)" } ?? ""
    return input.path + profile + connections
  }

  private func save(_ plan: Plan, _ expansion: Expansion, _ files: ReadFiles, _ now: Timestamp) throws {
    guard let out else {
      if plan.hasChanges { Output.message("next: rundown apply \(words)") }
      return
    }
    let source = SavedPlan.Source(file: input.path, profile: input.profile, connections: input.connections)
    try SavedPlanFile.write(SavedPlan(plan, of: expansion, source: source, files: files.all, at: now), to: out)
    Output.message("the plan is saved; next: rundown apply \(out)")
  }
}
