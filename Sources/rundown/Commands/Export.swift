import ArgumentParser
import JobQueue
import Manifests
import Presentation
import Settings
import StreamingJobs

/// `rundown export`.
struct Export: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write streams with their playback URLs as a sheet or a manifest, which can be applied again.",
    discussion: """
      EXAMPLES:
        rundown export gig.csv --profile s3-hls-eu -o csv > on-air.csv
        rundown export -l event=autumn-league -o yaml
        rundown export -l manifest=gig -o json

      Without FILE, the whole inventory is written: everything that rundown apply
      created or adopted, even if its file is gone. The last columns are each
      stream's status, which rundown apply ignores.
      """)

  /// The output formats for streams.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case csv, json, yaml
  }

  @Argument(help: "A manifest (YAML, JSON) or a sheet (CSV); the whole inventory if omitted.")
  var file: String?

  @Option(name: [.customShort("f"), .customLong("file")], help: "The same as the plain FILE.")
  var named: String?

  @Option(name: [.customShort("o"), .long], help: "The output format.")
  var output = Format.csv

  @Option(name: [.short, .long], help: "Only streams with this label, name=value (repeatable).")
  var label: [NameAndValue] = []

  @Option(help: "A profile that the streams of FILE inherit from, by name or path.")
  var profile: String?

  @Option(help: "A file of connections, used in addition to the configuration's.")
  var connections: String?

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if file != nil, named != nil { throw ValidationError("FILE and -f mean the same; give one of them") }
  }

  func run() async throws {
    let resources: [ExportedResource]
    var name: String?
    if let path = file ?? named {
      (resources, name) = try await ofManifest(path)
    } else {
      resources = try await Queue.with(options) { try await $0.inventory() }
    }
    let export = StreamExport(resources, labels: NameAndValue.dictionary(label))
    guard !export.streams.isEmpty else {
      throw CommandError(
        status: .notFound, code: "RD0422", message: "no such stream",
        help: label.isEmpty
          ? "streams are in the inventory once rundown apply has created them" : "run it without --label to see all"
      )
    }
    try write(export, named: name ?? (export.manifests.count == 1 ? export.manifests[0] : "export"))
    if export.manifests.count > 1 {
      Output.sentence(
        "these streams belong to \(export.manifests.count) manifests: \(export.manifests.joined(separator: ", "));"
          + " use -l manifest=NAME to export one")
    }
  }

  private func write(_ export: StreamExport, named name: String) throws {
    switch options.json ? .json : output {
    case .csv: for row in export.rows { try Output.write(CSVText.record(row) + "\n") }
    case .json: try Output.json(JSONText.encode(export.document(named: name)))
    case .yaml: try Output.write(YAMLText.text(export.document(named: name)))
    }
  }

  /// What a file describes, and what the queue knows about it, if there is one.
  private func ofManifest(_ path: String) async throws -> ([ExportedResource], String) {
    let manifest = try ManifestInput.read(path, profile: profile)
    var settings = try ProcessContext.settings(options)
    if let connections {
      guard let text = try TextFile.read(connections, limit: 1 << 20) else {
        throw CommandError.input("RD0111", "no such file: \(connections)", flag: "--connections")
      }
      settings.connections.merge(try Manifest.connections(text, file: connections))
    }
    settings.connections.merge(manifest.connections)
    let expansion = try manifest.expanded(known: settings.connections.namesBySection, now: SystemClock().now())
    Warnings.tell(expansion.warnings)
    var items: [String: InventoryItem] = [:]
    if !Queue.isMissing(settings) {
      items = try await Queue.looking(settings) { try await $0.inventory(of: expansion.name) }
    }
    let resources = expansion.resources.compactMap { resource in
      ExportedResource(resource, of: expansion.name, item: resource.job.uniqueKey.flatMap { items[$0] })
    }
    return (resources, expansion.name)
  }
}

extension QueryStore {
  /// What manifests own, and the jobs that enable and disable their entries, which the inventory does not contain:
  /// those still to come after those that are over.
  fileprivate func inventory() async throws -> [ExportedResource] {
    let records = try await allRecords(RecordQuery(InventoryItem.collection))
    let kinds = [ResourceRole.enableMapEntry, .disableMapEntry].compactMap { JobKinds.streaming.kind(for: $0)?.kind }
    let jobs = try await allJobs(JobQuery(kinds: kinds)).filter { $0.state != .cancelled }
    let ordered =
      Array(jobs.filter(\.state.isFinished).reversed()) + Array(jobs.filter { !$0.state.isFinished }.reversed())
    var owned: [String: ExportedResource] = [:]
    for record in records.sorted(by: { $0.updatedAt < $1.updatedAt }) {
      // If two manifests added the same resource, the later one counts.
      if let resource = ExportedResource(record) { owned[resource.key] = resource }
    }
    let sorted = owned.values.sorted {
      ($0.manifest, $0.stream ?? "", $0.key) < ($1.manifest, $1.stream ?? "", $1.key)
    }
    return sorted + ordered.compactMap { ExportedResource($0) }
  }
}
