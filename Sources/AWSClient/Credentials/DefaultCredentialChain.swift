/// Looks for credentials where every AWS tool does, in AWS' order: environment variables, a role of the profile, web
/// identity, the profile's keys, the container agent, the instance metadata service.
///
/// A source that is configured but broken is an error, never a reason to continue with another identity. If a profile
/// is named, nothing else is looked at.
public struct DefaultCredentialChain: AWSCredentialProvider {
  private let environment: AWSEnvironment
  private let profile: String?

  /// Creates a chain; every call looks again, so put a ``CachedCredentials`` in front.
  public init(_ environment: AWSEnvironment, profile: String? = nil) {
    self.environment = environment
    self.profile = profile
  }

  /// The first credentials found.
  /// - Throws: ``AWSCredentialError``, or the `ProviderError` of STS for a role.
  public func credentials() async throws -> AWSCredentials {
    if let profile {
      let files = ProfileCredentials(environment: environment, profiles: try AWSProfiles(environment))
      return try await first(of: [{ try await files.find(profile) }])
    }
    // Before any file is opened: a worker with keys in its environment may not be able to read its home directory.
    let variables = try EnvironmentCredentials(environment: environment).find()
    if case .found(let credentials) = variables { return credentials }
    let files = ProfileCredentials(environment: environment, profiles: try AWSProfiles(environment))
    let named = files.profiles.selected
    if environment.variable("AWS_PROFILE") != nil, files.profiles[named] == nil {
      throw AWSCredentialError(
        code: .invalid, cause: "AWS_PROFILE is \(named), which is not in \(files.profiles.places)",
        hint: "correct the name or the files")
    }
    return try await first(of: [
      { variables },
      { files.isRole(named) ? try await files.find(named) : nil },
      { try await WebIdentityCredentials(environment: environment).find() },
      { try await files.find(named) },
      { try await ContainerCredentials(environment: environment).find() },
      { try await InstanceCredentials(environment: environment).find() },
    ])
  }

  private func first(of sources: [() async throws -> CredentialFinding?]) async throws -> AWSCredentials {
    var looked: [String] = []
    for source in sources {
      switch try await source() {
      case .found(let credentials): return credentials
      case .absent(let place): looked.append(place)
      case nil: break
      }
    }
    throw AWSCredentialError(
      code: .missing, cause: "no AWS credentials found; looked at: \(looked.joined(separator: ", "))",
      hint: "configure one of them, or set keys in Rundown's own configuration")
  }
}
