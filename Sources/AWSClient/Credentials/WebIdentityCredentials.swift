import Secrets

/// A role assumed with a token that an orchestrator keeps fresh in a file.
struct WebIdentityCredentials {
  let environment: AWSEnvironment

  static let largestToken = 20_000

  /// What `AWS_WEB_IDENTITY_TOKEN_FILE` and `AWS_ROLE_ARN` name.
  func find() async throws -> CredentialFinding {
    guard let file = environment.variable("AWS_WEB_IDENTITY_TOKEN_FILE") else {
      return .absent("web identity (no AWS_WEB_IDENTITY_TOKEN_FILE)")
    }
    guard let role = environment.variable("AWS_ROLE_ARN") else {
      throw AWSCredentialError(
        code: .invalid, cause: "AWS_WEB_IDENTITY_TOKEN_FILE is set but AWS_ROLE_ARN is not", hint: "set both or neither"
      )
    }
    let sts = environment.sts(region: try environment.region())
    return .found(
      try await credentials(
        role: role, tokenFile: file, sessionName: environment.variable("AWS_ROLE_SESSION_NAME"), duration: 3600,
        sts: sts))
  }

  /// Reads the token again each time, since it changes.
  func credentials(
    role: String, tokenFile: String, sessionName: String?, duration: Int, sts: STSClient
  ) async throws -> AWSCredentials {
    let path = environment.path(tokenFile) ?? tokenFile
    guard let bytes = try environment.bytes(of: path, limit: Self.largestToken) else {
      throw AWSCredentialError(
        code: .invalid, cause: "the web identity token file \(path) does not exist",
        hint: "check AWS_WEB_IDENTITY_TOKEN_FILE, or web_identity_token_file in the profile")
    }
    let token: Secret
    do {
      token = try Secret(reading: bytes)
    } catch {
      throw AWSCredentialError(
        code: .invalid, cause: "the web identity token file \(path): \(error.cause)", hint: error.hint)
    }
    return try await sts.assumeRoleWithWebIdentity(
      role, sessionName: sessionName ?? "rundown", token: token, duration: duration)
  }
}
