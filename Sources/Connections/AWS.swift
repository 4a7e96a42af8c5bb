package import AWSClient
import HTTPTransport
import JobQueue
import Secrets
package import Settings
import StreamingJobs

extension LiveClients {
  /// Used if neither the job nor the connection nor the environment names a region.
  private static let usualRegion = "us-east-1"

  package func s3(_ name: String, region: String?) async throws -> S3Client {
    guard let connection = connections.aws[name]?.value else {
      throw MissingConnection(kind: .aws, name: name, known: Array(connections.aws.keys))
    }
    // Other servers may use any names; at AWS the name becomes part of the host.
    if connection.endpoint == nil, let region, case .wrong(let nearest) = AWSRegion.standing(of: region) {
      throw Verdict.dead(
        Failure(code: "region", message: AWSRegion.refusal(of: region), hint: AWSRegion.help(nearest: nearest)))
    }
    let aws = await awsEnvironment(connection)
    let ownServer = connection.endpoint != nil
    let known =
      try region ?? connection.region ?? aws.region(profile: connection.profile, ownServer: ownServer)
      ?? Self.usualRegion
    return S3Client(
      transport: paced(
        ProviderGate.aws(name), connection.limits, await transports.transport(authorities: authorities(of: connection))),
      credentials: await provider(name, connection, aws, region: known),
      endpoint: connection.endpoint.map { .own($0, region: known) } ?? .aws(region: known), conditions: conditions,
      clock: Self.seconds)
  }

  /// Whether the credentials of an AWS connection can be loaded, for `doctor`.
  package func checkCredentials(_ name: String) async throws {
    guard let connection = connections.aws[name]?.value else { return }
    let aws = await awsEnvironment(connection)
    _ = try await provider(name, connection, aws, region: connection.region ?? Self.usualRegion).credentials()
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

  /// The connection's own, otherwise those that the environment names for all AWS programs.
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
}

extension AWSConnection: CheckedConnection {
  func check(_ name: String, by probe: ConnectionProbe) async -> [CheckResult] {
    let remedy = probe.remedy("connections.aws.\(name).endpoint", endpoint, authorities: caFile)
    let found = await probe.endpoint("aws \(name)", secretReferences, remedy) {
      try await probe.clients.checkCredentials(name)
      // No bucket has this name, so the answer only shows whether the credentials are known to the server.
      _ = try await probe.clients.s3(name, region: nil).headBucket("rundown-doctor-looks-only")
      return "credentials accepted"
    }
    return unknownRegion(name) + found
  }

  /// A region that is newer than this program, or a typo that resembles none: jobs use it anyway.
  private func unknownRegion(_ name: String) -> [CheckResult] {
    guard endpoint == nil, let region, case .unknown(let nearest) = AWSRegion.standing(of: region) else { return [] }
    return [
      CheckResult(
        state: .unwise, subject: "aws \(name)", words: "region \(region) is not one that Rundown knows",
        fix: (nearest.map { "if you meant \($0), correct it; " } ?? "")
          + "a new AWS region works as it is")
    ]
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
