import ArgumentParser
import JobQueue
import Manifests
import Presentation
import Settings

/// `rundown apply`.
struct Apply: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Enqueue what a manifest or a sheet of streams describes.",
    discussion: """
      EXAMPLES:
        rundown apply --dry-run jobs/onboard-200.yaml
        rundown apply gig.csv --profile s3-hls-eu
        rundown apply --wait jobs/onboard-200.yaml
        rundown apply --explain-values pitch-017 jobs/onboard-200.yaml
        rundown apply gig.plan               # what rundown plan --out saved

      Every resource gets a job, also one that exists already: that job looks first,
      and leaves what is as requested as it is. rundown plan shows what would change,
      and a plan saved with --out enqueues only that.

      A shared resource, such as a bucket, becomes one job. Jobs that are already in
      the queue are not added again, so the same command is safe to repeat.
      """)

  @OptionGroup var input: ManifestOptions

  @Flag(name: .customLong("dry-run"), help: "Only expand and count: enqueue nothing, contact no provider.")
  var dryRun = false

  @Option(
    name: .customLong("explain-values"), help: "Show this stream's values and where each comes from; enqueue nothing.")
  var explainValues: String?

  @Flag(name: .customLong("no-rollout"), help: "Enqueue all jobs at once, ignoring rollout.")
  var noRollout = false

  @Flag(help: "Show the board until every stream is done or has failed; the jobs continue without it.")
  var wait = false

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    if let saved = try SavedPlanFile.read(input.path) { return try await apply(saved) }
    let manifest = try input.manifest()
    if let explainValues { return try StreamValuesReport.print(explainValues, manifest, json: options.json) }
    let settings = try input.settings(options, for: manifest)
    let check = ConnectionCheck(settings)
    let expansion = try manifest.expanded(known: Self.known(settings), now: SystemClock().now(), check: check)
    var warnings = expansion.warnings
    do {
      try manifest.check(expansion, by: check)
    } catch {
      guard dryRun else { throw error }
      // The connections may be configured where the manifest is applied.
      warnings += error.diagnostics.map { diagnostic in
        var warning = diagnostic
        warning.severity = .warning
        return warning
      }
    }
    Warnings.tell(warnings)
    if dryRun { return try ApplyReport.dryRun(expansion, json: options.json) }
    try await Queue.with(settings, mustExist: false) { store in
      try await StoppedRollout.refuse(expansion.name, in: store)
      let waves = try RolloutWaves(expansion, noRollout ? nil : expansion.rollout)
      let entered = try await BatchEnqueue(verb: "apply", source: expansion.name).enqueue(waves.jobs, in: store)
      let receipts = waves.indices.map { entered.receipts[$0] }
      let others = try await PresentJobs.differences(expansion.jobs, receipts, in: store)
      try ApplyReport.applied(
        expansion, receipts, others: others, batch: entered.batch, waves: waves, in: settings, json: options.json)
      if !options.json { entered.printBatch() }
      guard wait else { return }
      try await BoardReport(expansion: expansion, options: options, receipts: receipts.map(\.id))
        .wait(in: store, file: input.path, profile: input.profile)
    }
  }

  private func apply(_ saved: SavedPlan) async throws {
    guard !dryRun, !noRollout, explainValues == nil, input.profile == nil, input.connections == nil else {
      throw CommandError.input(
        "RD0435", "\(input.path) is a saved plan, which is applied as it is", flag: input.path,
        help:
          "leave --dry-run, --no-rollout, --explain-values, --profile and --connections out, or plan again with them")
    }
    try await SavedPlanRun(saved: saved, path: input.path, wait: wait, options: options).run()
  }

  /// The names of the connections of each section.
  static func known(_ settings: Settings) -> [String: [String]] {
    Dictionary(
      Connections.kinds.map { ($0.section, settings.connections.names(in: $0.section)) },
      uniquingKeysWith: { first, _ in first })
  }
}

/// The file that a manifest command takes, and the options that go with it.
struct ManifestOptions: ParsableArguments {
  @Argument(help: "A manifest (YAML, JSON) or a sheet (CSV).")
  var file: String?

  @Option(name: [.customShort("f"), .customLong("file")], help: "Same as FILE.")
  var named: String?

  @Option(help: "A profile that the streams inherit from, by name or path.")
  var profile: String?

  @Option(help: "A file of connections, used in addition to the configuration's.")
  var connections: String?

  func validate() throws {
    if file != nil, named != nil { throw ValidationError("FILE and -f mean the same; use only one of them") }
    if file == nil, named == nil { throw ValidationError("Missing expected argument '<file>'") }
  }

  /// The file as the person named it.
  var path: String { file ?? named ?? "" }

  /// Reads the manifest.
  /// - Parameter files: records each file that is read.
  func manifest(noting files: ReadFiles = ReadFiles()) throws -> Manifest {
    try ManifestInput.read(path, profile: profile, noting: files)
  }

  /// The settings, with the connections from `--connections` and the manifest added; those of the manifest take
  /// precedence.
  func settings(
    _ options: GlobalOptions, for manifest: Manifest, noting files: ReadFiles = ReadFiles()
  ) throws -> Settings {
    try Self.settings(options, manifest, connections: connections, noting: files)
  }

  /// The same for a file of connections given earlier.
  static func settings(
    _ options: GlobalOptions, _ manifest: Manifest, connections: String?, noting files: ReadFiles = ReadFiles()
  ) throws -> Settings {
    var settings = try ProcessContext.settings(options)
    if let connections {
      guard let text = try TextFile.read(connections, limit: 1 << 20) else {
        throw CommandError.input("RD0111", "no such file: \(connections)", flag: "--connections")
      }
      files.note(connections, Array(text.utf8))
      settings.connections.merge(try Manifest.connections(text, file: connections))
    }
    settings.connections.merge(manifest.connections)
    return settings
  }
}
