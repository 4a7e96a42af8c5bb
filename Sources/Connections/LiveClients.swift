package import AWSClient
package import HTTPTransport
package import JobQueue
import Secrets
package import Settings
package import StreamingJobs
package import WowzaEngineClient
package import WowzaVideoClient

/// The clients of the configured connections, each made when it is first asked for.
package actor LiveClients: ClientDirectory {
  private let connections: Connections
  private let environment: [String: String]
  private let secrets: SecretResolver
  /// Whatever was resolved: no text of one provider shows what another one is sent, which may be the same host.
  package nonisolated let knownSecrets: SentSecrets
  private var reading: Task<Void, Never>?
  private let transports: Transports
  private var paces: [String: RequestPace] = [:]
  private var authentications: [String: AuthenticationMemory] = [:]
  private var credentials: [String: any AWSCredentialProvider] = [:]
  private let conditions = S3Conditions()

  /// - Parameter environment: the process's, for references and for what all programs for AWS are told there.
  package init(_ settings: Settings, environment: [String: String]) {
    connections = settings.connections
    self.environment = environment
    let known = SentSecrets()
    knownSecrets = known
    secrets = SecretResolver(
      environment: environment, now: { ContinuousClock.now }, onSecret: { known.add([$0]) })
    transports = Transports()
  }

  /// Ends all transfers and threads.
  package func shutdown() async { await transports.shutdown() }

  /// Looks at each secret once, so that all are known before the first answer comes. Those that a program prints become
  /// known when they are needed; one that cannot be read is told when it is needed.
  package func readSecrets() async {
    if let reading { return await reading.value }
    // All that come meanwhile wait for the same look, and it must end though the first of them is cancelled.
    let reading = Task { [secrets, references = connections.secretReferences] in
      for reference in references {
        if case .command = reference { continue }
        _ = try? await secrets.resolve(reference)
      }
    }
    self.reading = reading
    await reading.value
  }

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

  package func s3(_ name: String, region: String?) async throws -> S3Client {
    guard let connection = connections.aws[name]?.value else {
      throw MissingConnection(kind: .aws, name: name, known: Array(connections.aws.keys))
    }
    // Other servers name theirs as they like; at AWS the name becomes a part of the host.
    if connection.endpoint == nil, let region, !AWSRegion.canBeOfAWS(region) {
      throw Verdict.dead(
        Failure(code: "region", message: "'\(region)' is no AWS region", hint: "such as eu-central-1"))
    }
    let aws = await awsEnvironment(connection)
    let ownServer = connection.endpoint != nil
    let known =
      try region ?? connection.region ?? aws.region(profile: connection.profile, ownServer: ownServer) ?? "us-east-1"
    return S3Client(
      transport: paced(
        ProviderGate.aws(name), connection.limits, await transports.transport(authorities: authorities(of: connection))),
      credentials: await provider(name, connection, aws, region: known),
      endpoint: connection.endpoint.map { .own($0, region: known) } ?? .aws(region: known), conditions: conditions,
      clock: Self.seconds)
  }

  package func wowzaVideo(_ name: String) async throws -> WowzaVideoClient {
    guard let account = connections.wowzaVideo[name]?.value else {
      throw MissingConnection(kind: .wowzaVideo, name: name, known: Array(connections.wowzaVideo.keys))
    }
    guard let version = WowzaVideoVersion(account.version) else {
      throw Verdict.hold(
        why: "connection \(name) has version '\(account.version)'; we speak "
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

  package func lateness(_ name: String) -> Duration {
    connections.wowzaVideo[name]?.value.limits.lateness ?? WowzaVideoLateness.standard
  }

  /// Of all configured accounts.
  package func budgets() -> [BudgetDemand] {
    connections.wowzaVideo.keys.sorted().map { liveStreamBudget($0) }
  }

  /// What the vendor's own library keeps to.
  private static let videoRequestsPerSecond = 5

  /// The transport at the pace of a connection; all clients of one connection share it.
  private func paced(
    _ gate: String, _ limits: ConnectionLimits, _ transport: CurlTransport, fallback: Int? = nil
  ) -> any HTTPTransport {
    guard let count = limits.requestsPerSecond ?? fallback else { return transport }
    let pace: RequestPace
    if let known = paces[gate] {
      pace = known
    } else {
      let start = ContinuousClock.now
      pace = RequestPace(
        perSecond: count, now: { ContinuousClock.now - start }, sleep: { try await Task.sleep(for: $0) })
      paces[gate] = pace
    }
    return PacedTransport(transport, pace: pace)
  }

  package func pushKey(_ name: String) async throws -> PushKey {
    guard let pair = connections.pushCredentials[name]?.value.keys else {
      throw MissingConnection(kind: .pushCredential, name: name, known: Array(connections.pushCredentials.keys))
    }
    return PushKey(
      // An access key's id is no secret; it is told in map entries.
      accessKeyID: try await secrets.resolve(pair.accessKeyID).reveal(),
      secretAccessKey: try await secrets.resolve(pair.secretAccessKey))
  }

  /// Whether the credentials of an AWS connection can be had, for `doctor`.
  package func checkCredentials(_ name: String) async throws {
    guard let connection = connections.aws[name]?.value else { return }
    let aws = await awsEnvironment(connection)
    _ = try await provider(name, connection, aws, region: connection.region ?? "us-east-1").credentials()
  }

  private func provider(
    _ name: String, _ connection: AWSConnection, _ aws: AWSEnvironment, region: String
  ) async -> any AWSCredentialProvider {
    if let known = credentials[name] { return known }
    let secrets = secrets
    var provider: any AWSCredentialProvider
    switch connection.source {
    case .defaultChain: provider = AWSCredentialSources.chain(aws)
    case .profile(let profile): provider = AWSCredentialSources.chain(aws, profile: profile)
    case .keys(let pair, let sessionToken):
      provider = ClosureCredentialProvider {
        AWSCredentials(
          accessKeyID: try await secrets.resolve(pair.accessKeyID).reveal(),
          secretAccessKey: try await secrets.resolve(pair.secretAccessKey),
          sessionToken: try await sessionToken.asyncMap { try await secrets.resolve($0) })
      }
    }
    if let role = connection.assumeRole {
      let endpoint: STSEndpoint = connection.endpoint.map { .own($0, region: region) } ?? .aws(region: region)
      provider = AWSCredentialSources.assumingRole(
        role, externalID: connection.externalID, sessionName: AWSSessionName.wellFormed("rundown-\(name)"),
        base: provider, sts: STSClient(transport: aws.transport, endpoint: endpoint, clock: Self.seconds))
    }
    credentials[name] = provider
    return provider
  }

  /// The connection's own, else those that all programs for AWS are told by the environment.
  private func authorities(of connection: AWSConnection) -> String? {
    connection.caFile ?? environment["AWS_CA_BUNDLE"].flatMap { $0.isEmpty ? nil : $0 }
  }

  private func awsEnvironment(_ connection: AWSConnection) async -> AWSEnvironment {
    AWSEnvironment(
      variables: environment, home: environment["HOME"], file: AWSEnvironment.readFile, now: Self.seconds,
      transport: await transports.transport(authorities: authorities(of: connection)),
      localTransport: await transports.direct(),
      pause: { try await Task.sleep(for: $0) })
  }

  private static let seconds: @Sendable () -> Int64 = { SystemClock().now().milliseconds / 1000 }
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

extension AWSConnection {
  /// The profile that the connection names.
  fileprivate var profile: String? {
    if case .profile(let name) = source { return name }
    return nil
  }
}

extension Optional {
  fileprivate func asyncMap<Value>(_ body: (Wrapped) async throws -> Value) async rethrows -> Value? {
    guard let self else { return nil }
    return try await body(self)
  }
}
