/// The role of a job kind for a manifest of streams: manifests say what should exist, and find the kind that creates it
/// by its role.
public enum ResourceRole: String, Sendable, Hashable, CaseIterable {
  /// Creates a bucket.
  case bucket
  /// Creates a CDN target in front of a bucket.
  case cdnTarget
  /// Creates a map entry of an engine.
  case mapEntry
  /// Enables a map entry.
  case enableMapEntry
  /// Disables a map entry.
  case disableMapEntry
  /// Lets the next wave of a rollout start.
  case waveCheck

  /// Whether a completed job leaves something at a provider, which then belongs to the manifest that requested it.
  package var leavesResource: Bool {
    switch self {
    case .bucket, .cdnTarget, .mapEntry: true
    case .enableMapEntry, .disableMapEntry, .waveCheck: false
    }
  }
}
