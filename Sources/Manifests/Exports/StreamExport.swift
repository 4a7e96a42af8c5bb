package import JobQueue
import StreamingJobs
import Wire

/// Streams written back from what a manifest requests or from the inventory: the reverse of an expansion, so that
/// applying it requests the same things under the same keys.
package struct StreamExport: Sendable {
  /// One stream: one map entry with everything that belongs to it.
  package struct Stream: Sendable {
    /// Its name, unique in the export.
    package var name: String
    /// Its values by ``ManifestField`` path.
    package var values: [String: JSONValue]
    /// Its labels.
    package var labels: [String: String]
    /// Its status.
    package var told: [ToldColumn: String]
  }

  /// In the order of the resources.
  package private(set) var streams: [Stream] = []
  /// The manifests that they belong to, sorted by name.
  package let manifests: [String]

  private struct Entry: Hashable {
    let engine: String?
    let application: String?
    let name: String?

    init(_ resource: ExportedResource) {
      engine = resource.text("engine")
      application = resource.text("application")
      name = resource.text("entryName")
    }
  }

  /// Puts together what belongs together. If two resources have the same key, the later one counts.
  /// - Parameters:
  ///   - resources: all resources, including shared ones.
  ///   - labels: only streams with all of these labels.
  package init(_ resources: [ExportedResource], labels: [String: String] = [:]) {
    var entries: [ExportedResource] = []
    var index: [String: Int] = [:]
    var shared: [ResourceRole: [String: ExportedResource]] = [:]
    var switches: [ResourceRole: [Entry: ExportedResource]] = [:]
    for resource in resources {
      switch resource.role {
      case .mapEntry:
        guard let there = index[resource.key] else {
          index[resource.key] = entries.count
          entries.append(resource)
          continue
        }
        entries[there] = resource
      case .bucket, .cdnTarget: shared[resource.role, default: [:]][Self.place(resource)] = resource
      case .enableMapEntry, .disableMapEntry: switches[resource.role, default: [:]][Entry(resource)] = resource
      case .waveCheck: break
      }
    }
    entries.removeAll { entry in labels.contains { entry.labels[$0.key] != $0.value } }
    manifests = Set(entries.map(\.manifest)).sorted()
    var names = Names(entries)
    for entry in entries {
      let owner = shared[.bucket]?[Self.place(entry)]
      let target = shared[.cdnTarget]?[Self.place(entry)]
      var values = ExportedFields.values(of: entry)
      for resource in [owner, target].compactMap({ $0 }) {
        values.merge(ExportedFields.values(of: resource)) { own, _ in own }
      }
      if let start = switches[.enableMapEntry]?[Entry(entry)]?.runAt {
        values["start"] = .string(InternetTime.text(start.milliseconds / 1000))
        // A start time implies this.
        if values["enabled"] == .bool(false) { values["enabled"] = nil }
      }
      if let stop = switches[.disableMapEntry]?[Entry(entry)]?.runAt {
        values["stop"] = .string(InternetTime.text(stop.milliseconds / 1000))
      }
      streams.append(
        Stream(
          name: names.name(of: entry), values: values,
          labels: entry.labels.filter { !Self.ownLabels.contains($0.key) }.mapValues { ExportedFields.literal($0) },
          told: Self.told(entry, owner, target)))
    }
  }

  /// The bucket itself, or the one that a resource belongs to.
  private static func place(_ resource: ExportedResource) -> String {
    "\(resource.text("region") ?? "")/\(resource.text("bucket") ?? "")"
  }

  /// Labels that jobs get from their manifest, its rollout and their batch rather than from the user.
  private static let ownLabels: Set = [
    ManifestLabel.stream, ManifestLabel.manifest, ManifestLabel.wave, Blackout.label, Batch.label,
  ]

  private static func told(
    _ entry: ExportedResource, _ bucket: ExportedResource?, _ target: ExportedResource?
  ) -> [ToldColumn: String] {
    var told: [ToldColumn: String] = [.manifest: entry.manifest]
    if let standing = entry.standing {
      told[.state] = standing.state
      told[.verifiedAt] = InternetTime.text(standing.verifiedAt.milliseconds / 1000)
    }
    // Behind a CDN, viewers do not get the bucket's own address.
    let root = target == nil ? bucket?.standing?.playback : target?.standing?.playback
    if let root, let path = entry.standing?.playback {
      told[.playbackURL] =
        (root.hasSuffix("/") ? String(root.dropLast()) : root) + (path.hasPrefix("/") ? path : "/" + path)
    }
    return told
  }
}

/// The names of the rows: the stream's name if it has one entry, else the name of the incoming stream.
private struct Names {
  private var counts: [String: Int] = [:]
  private var taken: Set<String> = []

  init(_ entries: [ExportedResource]) {
    for entry in entries { if let stream = entry.stream { counts[stream, default: 0] += 1 } }
  }

  mutating func name(of entry: ExportedResource) -> String {
    let own = entry.stream.flatMap { counts[$0] == 1 ? $0 : nil }
    let names = [own, entry.text("sourceStream"), entry.text("entryName"), entry.key]
    let free = names.compactMap { $0 }.first { !$0.isEmpty && !taken.contains($0) } ?? entry.key
    taken.insert(free)
    return free
  }
}
