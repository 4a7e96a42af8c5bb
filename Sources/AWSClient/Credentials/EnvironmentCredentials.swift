/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`.
struct EnvironmentCredentials {
  let environment: AWSEnvironment

  func find() throws(AWSCredentialError) -> CredentialFinding {
    guard let id = environment.variable("AWS_ACCESS_KEY_ID") else {
      return .absent("environment (no AWS_ACCESS_KEY_ID)")
    }
    guard let secret = environment.variable("AWS_SECRET_ACCESS_KEY") else {
      throw AWSCredentialError(
        code: .invalid, cause: "AWS_ACCESS_KEY_ID is set but AWS_SECRET_ACCESS_KEY is not",
        hint: "set both or neither")
    }
    return .found(
      try AWSCredentials(
        "the environment", names: ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"), id: id,
        key: secret, token: environment.variable("AWS_SESSION_TOKEN")))
  }
}
