import HTTPTransport
package import JobQueue
import Secrets
package import Settings
import StreamingJobs
package import WowzaVideoClient

extension LiveClients {
  package func wowzaVideo(_ name: String) async throws -> WowzaVideoClient {
    guard let account = connections.wowzaVideo[name]?.value else {
      throw MissingConnection(kind: .wowzaVideo, name: name, known: Array(connections.wowzaVideo.keys))
    }
    guard let version = WowzaVideoVersion(account.version) else {
      throw Verdict.hold(
        why: "connection \(name) has version '\(account.version)'; supported are "
          + WowzaVideoVersion.known.map(\.description).joined(separator: ", "))
    }
    let secrets = secrets
    return WowzaVideoClient(
      baseURL: account.url, version: version,
      credentials: {
        switch account.authentication {
        case .token(let token): .bearer(try await secrets.resolve(token))
        case .apiKey(let key, let access):
          .apiKey(key: try await secrets.resolve(key), accessKey: try await secrets.resolve(access))
        case .hmac(let key, let access):
          .hmac(key: try await secrets.resolve(key), accessKey: try await secrets.resolve(access))
        }
      },
      transport: paced(
        ProviderGate.wowzaVideo(name), account.limits, await transports.transport(authorities: account.caFile),
        fallback: Self.videoRequestsPerSecond), now: Self.seconds)
  }

  package func liveStreamBudget(_ name: String) -> BudgetDemand {
    let standard = LiveStreamBudget.standard
    let own = connections.wowzaVideo[name]?.value.limits.liveStreams
    return LiveStreamBudget.demand(of: name, count: own?.count ?? standard.size, window: own?.window ?? standard.window)
  }

  package func lateEffectWindow(_ name: String) -> Duration {
    connections.wowzaVideo[name]?.value.limits.lateEffectWindow ?? WowzaVideoLateEffects.standard
  }

  /// Of all configured accounts.
  package func budgets() -> [BudgetDemand] {
    connections.wowzaVideo.keys.sorted().map { liveStreamBudget($0) }
  }

  /// The pace of the vendor's own library.
  static let videoRequestsPerSecond = 5
}

extension WowzaVideoConnection: CheckedConnection {
  func check(_ name: String, by probe: ConnectionProbe) async -> [CheckResult] {
    let subject = "wowzaVideo \(name)"
    if let misfit = versionMisfit(subject) { return [misfit] }
    let remedy = probe.remedy("connections.wowzaVideo.\(name).url", url, authorities: caFile)
    return await probe.endpoint(subject, secretReferences, remedy) {
      _ = try await probe.clients.wowzaVideo(name).fastlyTargets(named: "rundown-doctor")
      return "answers with version \(version)"
    }
  }

  /// Problems that would hold a job: a version that is not supported, or one that takes other credentials.
  private func versionMisfit(_ subject: String) -> CheckResult? {
    guard let known = WowzaVideoVersion(version) else {
      let all = WowzaVideoVersion.known.map(\.description)
      return CheckResult(
        state: .bad, subject: subject, words: "version \(version) is not supported",
        fix: "write version: \(all.last ?? ""), or one of \(all.dropLast().joined(separator: ", "))")
    }
    if case .token = authentication {
      return known.takesBearer
        ? nil
        : CheckResult(
          state: .bad, subject: subject, words: "version \(version) does not accept tokens",
          fix: "write version: v2.0, or authentication: apiKey with apiKey and accessKey")
    }
    return known.takesKeys
      ? nil
      : CheckResult(
        state: .bad, subject: subject, words: "version \(version) does not accept API keys",
        fix: "write authentication: token with a token, or an older version: v1.8")
  }
}
