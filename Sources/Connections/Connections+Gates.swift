package import Settings
import StreamingJobs

extension Connections {
  /// The gates of all connections that have one.
  package var gates: [String] {
    ConnectionKind.allCases.flatMap { kind in names(in: kind.rawValue).compactMap(kind.gate) }
  }
}
