package import Settings
import StreamingJobs

extension Connections {
  /// The limits of the requests to each connection that has a gate, by that gate; with the defaults if nothing is
  /// configured.
  package var limitsByGate: [String: ConnectionLimits] {
    var limits: [String: ConnectionLimits] = [:]
    for (name, engine) in engines { limits[ProviderGate.engine(name)] = engine.value.limits }
    for (name, connection) in aws { limits[ProviderGate.aws(name)] = connection.value.limits }
    for (name, account) in wowzaVideo {
      var own = account.value.limits
      own.requestsPerSecond = own.requestsPerSecond ?? LiveClients.videoRequestsPerSecond
      limits[ProviderGate.wowzaVideo(name)] = own
    }
    return limits
  }
}
