import HTTPTransport
import Secrets

/// Credentials of the role of an EC2 instance, from its metadata service in version 2.
///
/// Version 1, which needs no token, is not supported: any program that can be made to fetch a URL could read it.
struct InstanceCredentials {
  let environment: AWSEnvironment

  private static let path = "/latest/meta-data/iam/security-credentials/"

  func find() async throws -> CredentialFinding {
    if environment.isTrue("AWS_EC2_METADATA_DISABLED") {
      return .absent("instance metadata (AWS_EC2_METADATA_DISABLED)")
    }
    let answer: HTTPResponse
    do {
      answer = try await send("PUT", "/latest/api/token", HTTPHeader("x-aws-ec2-metadata-token-ttl-seconds", "21600"))
    } catch {
      if error.code == .cancelled { throw CancellationError() }
      // Outside EC2 nothing answers at this address.
      return .absent("instance metadata (\(error.cause))")
    }
    guard answer.status == 200, !answer.body.isEmpty else {
      return .absent("instance metadata (no token: \(answer.status))")
    }
    guard let secret = try? Secret(reading: answer.body) else { throw unavailable("no usable token") }
    let token = HTTPHeader("x-aws-ec2-metadata-token", secret: secret)
    let list = try await get(Self.path, token)
    if list.status == 404 { return .absent("instance metadata (no role is attached)") }
    let role =
      String(decoding: list.body, as: UTF8.self).split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    guard list.status == 200, !role.isEmpty else { throw unavailable("no role listed (\(list.status))") }
    let document = try await get(Self.path + PercentEncoding.encode(role), token)
    guard document.status == 200 else { throw unavailable("answered \(document.status) for the role") }
    return .found(try CredentialDocument.credentials(document.body, source: "the instance metadata service"))
  }

  private func get(_ path: String, _ token: HTTPHeader) async throws(AWSCredentialError) -> HTTPResponse {
    do {
      return try await send("GET", path, token)
    } catch {
      throw unavailable(error.cause)
    }
  }

  private func send(
    _ method: String, _ path: String, _ header: HTTPHeader
  ) async throws(HTTPTransportError) -> HTTPResponse {
    let base = environment.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT") ?? "http://169.254.169.254"
    let limit = timeout
    return try await environment.localTransport.send(
      HTTPRequest(
        method: method, url: (base.hasSuffix("/") ? String(base.dropLast()) : base) + path, headers: [header],
        sink: .memory(limit: CredentialDocument.largest),
        timeouts: HTTPTimeouts(connect: limit, total: limit, stall: limit)))
  }

  /// How long one request may take: outside EC2 nothing answers, and a caller without credentials waits this long for
  /// the error. `AWS_METADATA_SERVICE_TIMEOUT` sets another number of whole seconds, as for the AWS command line.
  private var timeout: Duration {
    environment.variable("AWS_METADATA_SERVICE_TIMEOUT").flatMap { Int($0) }
      .map { .seconds(min(max($0, 1), 60)) } ?? .seconds(1)
  }

  private func unavailable(_ cause: String) -> AWSCredentialError {
    AWSCredentialError(
      code: .unavailable, cause: "the instance metadata service returned no credentials: \(cause)",
      hint: "check the instance's role")
  }
}
