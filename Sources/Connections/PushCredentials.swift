import Secrets
package import Settings
package import StreamingJobs

extension LiveClients {
  package func pushKey(_ name: String) async throws -> PushKey {
    guard let pair = connections.pushCredentials[name]?.value.keys else {
      throw MissingConnection(kind: .pushCredential, name: name, known: Array(connections.pushCredentials.keys))
    }
    return PushKey(
      // An access key's id is not a secret; map entries show it.
      accessKeyID: try await secrets.resolve(pair.accessKeyID).reveal(),
      secretAccessKey: try await secrets.resolve(pair.secretAccessKey))
  }
}

extension PushCredential: CheckedConnection {
  func check(_ name: String, by probe: ConnectionProbe) async -> [CheckResult] {
    await probe.references("push credential \(name)", secretReferences)
  }
}
