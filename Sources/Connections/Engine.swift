import HTTPTransport
import Secrets
package import Settings
import StreamingJobs
package import WowzaEngineClient

extension LiveClients {
  package func engine(_ name: String) async throws -> WowzaEngineClient {
    guard let engine = connections.engines[name]?.value else {
      throw MissingConnection(kind: .engine, name: name, known: Array(connections.engines.keys))
    }
    let secrets = secrets
    let memory = authentications[name] ?? AuthenticationMemory()
    authentications[name] = memory
    return WowzaEngineClient(
      transport: paced(
        ProviderGate.engine(name), engine.limits, await transports.transport(authorities: engine.caFile)),
      baseURL: engine.url,
      credentials: {
        guard let user = engine.user, let password = engine.password else { return nil }
        return WowzaEngineCredentials(
          user: try await secrets.resolve(user), password: try await secrets.resolve(password))
      },
      authentication: engine.authentication.scheme, memory: memory, serverName: engine.serverName,
      vhost: engine.vhost)
  }
}

extension EngineConnection: CheckedConnection {
  func check(_ name: String, by probe: ConnectionProbe) async -> [CheckResult] {
    let subject = "engine \(name)"
    let remedy = probe.remedy("connections.engines.\(name).url", url, authorities: caFile)
    let found = await probe.endpoint(subject, secretReferences, remedy) {
      let status = try await probe.clients.engine(name).serverStatus()
      return "answers, version \(status.serverVersion ?? "unknown")"
    }
    guard found.contains(where: { $0.state == .good }), let client = try? await probe.clients.engine(name) else {
      return found
    }
    return found + (await misfit(subject, client))
  }

  /// An engine that requires no authentication, or less than is sent, answers well; the file should still be correct.
  private func misfit(_ subject: String, _ client: WowzaEngineClient) async -> [CheckResult] {
    guard let fitting = try? await client.fittingAuthentication(), fitting != authentication.rawValue,
      authentication != .negotiate || fitting == "none"
    else { return [] }
    let asks = fitting == "none" ? "no credentials" : fitting == "basic" ? "Basic" : "Digest"
    return [
      CheckResult(
        state: .unwise, subject: subject, words: "the engine asks for \(asks), but auth is \(authentication.rawValue)",
        fix: "write auth: \(fitting)")
    ]
  }
}

extension EngineConnection.Authentication {
  fileprivate var scheme: HTTPAuthentication.Scheme {
    switch self {
    case .none, .negotiate: .negotiate
    case .basic: .basic
    case .digest: .digest
    }
  }
}
