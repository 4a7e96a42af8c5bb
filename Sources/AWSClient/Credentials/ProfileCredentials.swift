import Secrets

/// Credentials as a profile of the shared files describes them: keys, or a role and the source to assume it with.
struct ProfileCredentials {
  let environment: AWSEnvironment
  let profiles: AWSProfiles

  private static let longestChain = 5

  /// Whether the profile describes a role that is assumed with other credentials.
  func isRole(_ name: String) -> Bool {
    guard let profile = profiles[name] else { return false }
    return profile["role_arn"] != nil && (profile["source_profile"] ?? profile["credential_source"]) != nil
  }

  /// The profile's credentials; absent if there is no such profile, or if it says nothing about credentials.
  func find(_ name: String) async throws -> CredentialFinding {
    guard let profile = profiles[name] else { return .absent("profile \(name) in \(profiles.places): no such profile") }
    if let credentials = try await credentials(name, chain: []) { return .found(credentials) }
    if let word = ["credential_process", "sso_session", "sso_start_url", "login_session"].first(where: {
      profile[$0] != nil
    }) {
      throw AWSCredentialError(
        code: .unsupported, cause: "profile \(name) uses \(word), which is not supported",
        hint: "use a role or keys, or configure a command that prints the keys in Rundown's own configuration")
    }
    return .absent("profile \(name) in \(profiles.places): no keys and no role")
  }

  private func credentials(_ name: String, chain: [String]) async throws -> AWSCredentials? {
    guard let profile = profiles[name] else { throw invalid(name, "does not exist in \(profiles.places)") }
    guard let role = profile["role_arn"] else { return try keys(of: name, profile) }
    guard !chain.contains(name), chain.count < Self.longestChain else {
      throw invalid(name, "is part of a cycle or of a chain of more than \(Self.longestChain) profiles")
    }
    guard profile["mfa_serial"] == nil else {
      throw AWSCredentialError(
        code: .unsupported, cause: "profile \(name) requires multi-factor authentication",
        hint: "use a profile without it: a worker cannot enter a code")
    }
    let sts = environment.sts(region: try environment.region(profile: name))
    let duration = try duration(of: name, profile)
    if profile["source_profile"] == nil, profile["credential_source"] == nil,
      let file = profile["web_identity_token_file"]
    {
      return try await WebIdentityCredentials(environment: environment).credentials(
        role: role, tokenFile: file, sessionName: profile["role_session_name"], duration: duration, sts: sts)
    }
    let base = try await source(of: name, profile, chain: chain + [name])
    return try await sts.assumeRole(
      role, sessionName: profile["role_session_name"] ?? "rundown", externalID: profile["external_id"],
      duration: duration, using: ClosureCredentialProvider { base })
  }

  /// The credentials that a role is assumed with.
  private func source(of name: String, _ profile: [String: String], chain: [String]) async throws -> AWSCredentials {
    if let source = profile["source_profile"] {
      // A profile may name itself as its source; then its keys are meant.
      let found = try await source == name ? keys(of: name, profile) : credentials(source, chain: chain)
      guard let found else { throw invalid(source, "is a source_profile but has no keys") }
      return found
    }
    let finding: CredentialFinding
    switch profile["credential_source"] {
    case "Environment": finding = try EnvironmentCredentials(environment: environment).find()
    case "EcsContainer": finding = try await ContainerCredentials(environment: environment).find()
    case "Ec2InstanceMetadata": finding = try await InstanceCredentials(environment: environment).find()
    case nil: throw invalid(name, "has a role_arn but no source_profile, credential_source or web_identity_token_file")
    case .some: throw invalid(name, "has a credential_source other than Environment, EcsContainer, Ec2InstanceMetadata")
    }
    switch finding {
    case .found(let credentials): return credentials
    case .absent(let place): throw invalid(name, "has a credential_source without credentials: \(place)")
    }
  }

  private func keys(of name: String, _ profile: [String: String]) throws(AWSCredentialError) -> AWSCredentials? {
    guard let id = profile["aws_access_key_id"], !id.isEmpty else { return nil }
    guard let secret = profile["aws_secret_access_key"], !secret.isEmpty else {
      throw invalid(name, "has an aws_access_key_id but no aws_secret_access_key")
    }
    return try AWSCredentials(
      "profile \(name)", names: ("aws_access_key_id", "aws_secret_access_key", "aws_session_token"), id: id,
      key: secret, token: profile["aws_session_token"].flatMap { $0.isEmpty ? nil : $0 })
  }

  private func duration(of name: String, _ profile: [String: String]) throws(AWSCredentialError) -> Int {
    guard let text = profile["duration_seconds"] else { return 3600 }
    guard let seconds = Int(text), (900...43_200).contains(seconds) else {
      throw invalid(name, "has a duration_seconds that is not between 900 and 43200")
    }
    return seconds
  }

  private func invalid(_ profile: String, _ cause: String) -> AWSCredentialError {
    AWSCredentialError(
      code: .invalid, cause: "profile \(profile) \(cause)", hint: "correct the profile in \(profiles.places)")
  }
}
