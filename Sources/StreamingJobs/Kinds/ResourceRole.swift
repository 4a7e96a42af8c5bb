/// What a kind of job does for a manifest of streams: manifests say what should exist, and find the kind that sees to it by
/// this word.
public enum ResourceRole: String, Sendable, Hashable, CaseIterable {
  /// Makes a bucket.
  case bucket
  /// Makes a CDN target in front of a bucket.
  case cdnTarget
  /// Makes a map entry of an engine.
  case mapEntry
  /// Lets a map entry push.
  case enableMapEntry
  /// Ends the pushing of a map entry.
  case disableMapEntry
  /// Lets the next wave of a rollout begin.
  case waveCheck

  /// Whether something exists at a provider once such a job is completed: it belongs to the manifest that asked for it.
  package var leavesResource: Bool {
    switch self {
    case .bucket, .cdnTarget, .mapEntry: true
    case .enableMapEntry, .disableMapEntry, .waveCheck: false
    }
  }
}
