import JobQueue
import StreamingJobs

/// The counts of an expansion: streams by engine, region, bucket and CDN target, jobs by kind.
package struct ExpansionCounts: Sendable, Encodable {
  /// The manifest's name.
  package var manifest: String
  /// All streams.
  package var streams: Int
  /// All jobs.
  package var jobs: Int
  /// Streams by engine.
  package var engines: [String: Int] = [:]
  /// Streams by the region's name in the manifest.
  package var regions: [String: Int] = [:]
  /// Streams by bucket.
  package var buckets: [String: Int] = [:]
  /// Streams by CDN target.
  package var targets: [String: Int] = [:]
  /// Jobs by kind.
  package var kinds: [String: Int] = [:]
  /// Streams by what is requested but not supported yet.
  package var later: [String: Int]

  /// Counts an expansion.
  package init(_ expansion: Expansion) {
    manifest = expansion.name
    streams = expansion.streams.count
    jobs = expansion.resources.count
    later = Dictionary(expansion.later.map { ($0.what, $0.streams) }, uniquingKeysWith: +)
    for stream in expansion.streams {
      engines[stream.engine, default: 0] += 1
      regions[stream.region, default: 0] += 1
    }
    for resource in expansion.resources {
      kinds[resource.job.kind, default: 0] += 1
      switch resource.role {
      case .bucket: buckets[resource.name] = resource.streams
      case .cdnTarget: targets[resource.name] = resource.streams
      case .mapEntry, .enableMapEntry, .disableMapEntry, .waveCheck: break
      }
    }
  }

  /// The counts with their headings, for a table.
  package var rows: [(what: String, name: String, count: Int)] {
    let parts = [
      ("engine", engines), ("region", regions), ("bucket", buckets), ("target", targets), ("kind", kinds),
    ]
    return parts.flatMap { what, counts in
      counts.sorted { $0.key < $1.key }.map { (what: what, name: $0.key, count: $0.value) }
    }
  }
}
