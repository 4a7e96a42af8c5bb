import HTTPTransport
import Secrets

/// Credentials of a container's role, from the agent that `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` or
/// `AWS_CONTAINER_CREDENTIALS_FULL_URI` names.
struct ContainerCredentials {
  let environment: AWSEnvironment

  private static let tries = 3
  /// Where plain HTTP is allowed besides loopback: the agents of ECS and EKS.
  private static let agents = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]", "localhost"]

  func find() async throws -> CredentialFinding {
    guard let url = try url() else {
      return .absent("container (no AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI)")
    }
    let headers = try authorization().map { [HTTPHeader("Authorization", secret: $0)] } ?? []
    let request = HTTPRequest(
      url: url, headers: headers, sink: .memory(limit: CredentialDocument.largest),
      timeouts: HTTPTimeouts(connect: .seconds(2), total: .seconds(2), stall: .seconds(2)))
    var problem = ""
    for number in 1...Self.tries {
      if number > 1 { try await environment.pause(.seconds(1)) }
      do {
        let response = try await environment.localTransport.send(request)
        if response.status == 200 {
          return .found(try CredentialDocument.credentials(response.body, source: "the container agent"))
        }
        problem = "answered \(response.status)"
        if response.status < 500 { break }
      } catch let error as HTTPTransportError {
        problem = error.cause
        if error.code == .cancelled { throw CancellationError() }
      }
    }
    throw AWSCredentialError(
      code: .unavailable, cause: "the container agent returned no credentials: \(problem)",
      hint: "check the task's role and the agent")
  }

  private func url() throws(AWSCredentialError) -> String? {
    if let path = environment.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
      guard path.hasPrefix("/") else { throw refused("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI does not start with /") }
      return "http://169.254.170.2" + path
    }
    guard let url = environment.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI") else { return nil }
    if url.hasPrefix("https://") { return url }
    let host = String(SigV4.split(url: url).host.lowercased())
    guard url.hasPrefix("http://"), Self.mayBePlain(host) else {
      throw refused("AWS_CONTAINER_CREDENTIALS_FULL_URI is plain HTTP to a host that is neither loopback nor an agent")
    }
    return url
  }

  private static func mayBePlain(_ authority: String) -> Bool {
    // The port starts after the last colon that is not inside an IPv6 address.
    var host = authority
    if let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") {
      guard UInt16(authority[authority.index(after: colon)...]) != nil else { return false }
      host = String(authority[..<colon])
    }
    if agents.contains(host) || host == "[::1]" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  /// Read again each time, since the agent changes it.
  private func authorization() throws(AWSCredentialError) -> Secret? {
    if let path = environment.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") {
      guard let bytes = try environment.bytes(of: path, limit: 64 << 10) else {
        throw refused("the file of AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, \(path), does not exist")
      }
      return try token(bytes, "the file of AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, \(path)")
    }
    let name = "AWS_CONTAINER_AUTHORIZATION_TOKEN"
    guard let text = environment.variable(name) else { return nil }
    return try token(Array(text.utf8), name)
  }

  private func token(_ bytes: [UInt8], _ place: String) throws(AWSCredentialError) -> Secret {
    do {
      return try Secret(reading: bytes)
    } catch {
      throw refused("\(place): \(error.cause)")
    }
  }

  private func refused(_ cause: String) -> AWSCredentialError {
    AWSCredentialError(code: .invalid, cause: cause, hint: "check the variables that the orchestrator sets")
  }
}
