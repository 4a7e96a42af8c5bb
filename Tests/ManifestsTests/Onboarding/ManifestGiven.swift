import FoundationEssentials
import JobQueue
import Manifests
import Settings
import StreamingJobs

/// Manifests and sheets in a folder of the tests' own.
enum ManifestGiven {
  static let known = ["aws": ["media"], "wowzaVideo": ["main"], "pushCredentials": ["push"], "engines": ["fra1"]]

  /// The file at a path of this package.
  static func file(_ path: String) throws -> Data {
    var root = #filePath
    for _ in 0..<4 { root = String(root[..<(root.lastIndex(of: "/") ?? root.startIndex)]) }
    return try Data(contentsOf: URL(filePath: "\(root)/\(path)"))
  }

  static func sources(_ files: [String: String] = [:]) -> ManifestSources {
    ManifestSources(zones: .system()) { files[$0].map { Array($0.utf8) } }
  }

  /// A manifest whose first four lines are the usual ones; its spec begins in the sixth.
  static func spec(_ spec: String, files: [String: String] = [:], profile: Profile? = nil) throws -> Manifest {
    try whole(
      """
      apiVersion: rundown/v1
      kind: Onboarding
      metadata: {name: cup, labels: {event: cup}}
      spec:
        defaults: {bucket: live-eu, region: eu-central-1, engine: fra1}
      """ + "\n" + spec.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n") + "\n", files: files,
      profile: profile)
  }

  static func whole(_ text: String, files: [String: String] = [:], profile: Profile? = nil) throws -> Manifest {
    try Manifest.read(text, file: "cup.yaml", sources(files), profile: profile)
  }

  static func expand(_ spec: String, files: [String: String] = [:], profile: Profile? = nil) throws -> Expansion {
    try self.spec(spec, files: files, profile: profile).expanded(known: known, now: Given.now)
  }

  static func expandWhole(_ text: String) throws -> Expansion {
    try whole(text).expanded(known: known, now: Given.now)
  }

  /// `code file line:column` of everything that is wrong.
  static func problems(_ body: () throws -> Void) -> [String] {
    diagnostics(body).map { diagnostic in
      "\(diagnostic.code) \(diagnostic.location.map { "\($0)" } ?? "-")"
    }
  }

  static func diagnostics(_ body: () throws -> Void) -> [Diagnostic] {
    do {
      try body()
      return []
    } catch let problems as JobFileProblems {
      return problems.diagnostics
    } catch {
      return [Diagnostic(code: "other", message: "\(error)")]
    }
  }
}

extension Expansion {
  /// The map entries that it comes to.
  func entries() throws -> [CreateMapEntry] {
    try resources.filter { $0.role == .mapEntry }.map {
      try CreateMapEntry.decode(payload: $0.job.payload, version: $0.job.payloadVersion)
    }
  }

  func buckets() throws -> [CreateBucketConfig] {
    try resources.filter { $0.role == .bucket }.map {
      try CreateBucketConfig.decode(payload: $0.job.payload, version: $0.job.payloadVersion)
    }
  }

  func targets() throws -> [CreateFastlyTarget] {
    try resources.filter { $0.role == .cdnTarget }.map {
      try CreateFastlyTarget.decode(payload: $0.job.payload, version: $0.job.payloadVersion)
    }
  }
}
