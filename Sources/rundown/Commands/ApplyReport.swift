import JobQueue
import Manifests
import Presentation
import Settings
import StreamingJobs

/// What `rundown apply` prints: what a manifest expands to, and what became of its jobs.
enum ApplyReport {
  /// The counts of an expansion.
  static func dryRun(_ expansion: Expansion, json: Bool) throws {
    let counts = ExpansionCounts(expansion)
    if json { return try JSONOutput.print("expansion", counts) }
    var table = Table([
      .init("WHAT"), .init("NAME", minimum: 12), .init("STREAMS", isNumber: true), .init("JOBS", isNumber: true),
    ])
    for row in counts.rows {
      let isKind = row.what == "kind"
      table.add([
        .init(row.what), .init(row.name), .init(isKind ? "" : "\(row.count)"), .init(isKind ? "\(row.count)" : ""),
      ])
    }
    try Output.line(
      "\(counts.manifest): \(ApplyTable.plural(counts.streams, "stream")), \(ApplyTable.plural(counts.jobs, "job"))\n")
    try Output.painted(table.rendered(for: .output))
    tellLater(expansion)
    Output.message("nothing was enqueued")
  }

  private struct AppliedView: Encodable {
    struct Job: Encodable {
      var id: Int64
      var kind: String
      var name: String
      var stream: String?
      var state: String
      var alreadyPresent: Bool
      var differs: [String]?
    }
    var manifest: String
    /// The batch that the jobs are; `null` where none was added.
    @ValueOrNull var batch: String?
    var streams: Int
    var enqueued: Int
    var present: Int
    var later: [String: Int]
    /// Streams of each wave.
    var waves: [Int]
    var jobs: [Job]
  }

  /// What is new and what was already present.
  /// - Parameters:
  ///   - others: for jobs that were already present, the parameters that differ from those given now.
  ///   - batch: the batch that was added.
  ///   - streams: how many streams the manifest has; nil for those of the expansion.
  ///   - skipped: how many resources a saved plan left out; nil for an apply of everything.
  static func applied(
    _ expansion: Expansion, _ receipts: [EnqueueReceipt], others: [JobID: [String]], batch: String?,
    streams: Int? = nil, skipped: Int? = nil, waves: RolloutWaves, in settings: Settings, json: Bool
  ) throws {
    let present = receipts.filter(\.alreadyPresent)
    if json {
      let jobs = zip(expansion.resources, receipts).map { resource, receipt in
        AppliedView.Job(
          id: receipt.id.rawValue, kind: resource.job.kind, name: resource.name,
          stream: resource.engine == nil ? nil : resource.stream, state: receipt.state.rawValue,
          alreadyPresent: receipt.alreadyPresent, differs: others[receipt.id])
      }
      return try JSONOutput.print(
        "applied",
        AppliedView(
          manifest: expansion.name, batch: batch, streams: streams ?? expansion.streams.count,
          enqueued: receipts.count - present.count, present: present.count,
          later: ExpansionCounts(expansion).later, waves: waves.sizes, jobs: jobs))
    }
    let table = ApplyTable(
      expansion, receipts, others: others, waves: waves, file: settings.database.value, skipped: skipped)
    try Output.painted(table.rendered(for: .output))
    for sentence in table.differences { Output.sentence(sentence) }
    tellLater(expansion)
    for sentence in table.summary { Output.sentence(sentence) }
  }

  /// Reports what is not supported yet, so that nobody waits for it.
  static func tellLater(_ expansion: Expansion) {
    for (what, streams) in expansion.later {
      Output.sentence("not supported yet: \(what) (\(ApplyTable.plural(streams, "stream"))); no job is created for it")
    }
  }
}

/// `--explain-values`: the values of one stream, and where each comes from.
enum StreamValuesReport {
  private struct View: Encodable {
    var field: String
    var value: JSONValue
    var layer: String?
    var place: String?
  }

  static func print(_ stream: String, _ manifest: Manifest, json: Bool) throws {
    guard let values = try manifest.values(of: stream) else {
      let near = Suggestion.nearest(to: stream, among: manifest.onboarding.streams.map(\.name))
      throw CommandError(
        status: .notFound, code: "RD0408", message: "no stream \"\(stream)\" in the manifest",
        flag: "--explain-values", help: near.map { "did you mean \"\($0)\"?" })
    }
    if json {
      return try JSONOutput.print(
        "values",
        values.map {
          View(field: $0.path, value: $0.value, layer: $0.layer?.description, place: $0.place?.description)
        })
    }
    var table = Table([.init("FIELD"), .init("VALUE", minimum: 16), .init("LAYER"), .init("PLACE", minimum: 16)])
    for value in values {
      table.add([
        .init(value.path), .init(try words(value.value)), .init(value.layer?.description ?? "default"),
        .init(value.place?.description ?? ""),
      ])
    }
    try Output.painted(table.rendered(for: .output))
  }

  private static func words(_ value: JSONValue) throws -> String {
    if case .string(let text) = value { text } else { try JSONText.encode(value) }
  }
}
