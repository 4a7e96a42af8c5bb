package import Settings
import StreamingJobs

extension Connections {
  /// The gates of all connections that have one.
  package var gates: [String] {
    engines.keys.map(ProviderGate.engine) + aws.keys.map(ProviderGate.aws)
      + wowzaVideo.keys.map(ProviderGate.wowzaVideo)
  }
}
