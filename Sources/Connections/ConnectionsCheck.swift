package import Settings

/// Checks each secret reference, each endpoint, each credential. Every call only reads.
package struct ConnectionsCheck {
  private let connections: Connections
  private let clients: LiveClients
  private let probe: ConnectionProbe

  /// Checks the connections of these settings.
  package init(_ settings: Settings, environment: [String: String]) {
    connections = settings.connections
    clients = LiveClients(settings, environment: environment)
    probe = ConnectionProbe(clients, environment: environment)
  }

  /// The checks in the order of the configuration.
  package var all: [() async -> [CheckResult]] {
    connections.all.compactMap { entry in
      guard let connection = entry.connection.value as? any CheckedConnection else { return nil }
      return { await connection.check(entry.name, by: probe) }
    }
  }

  /// Closes what the checks opened.
  package func shutdown() async { await clients.shutdown() }
}
