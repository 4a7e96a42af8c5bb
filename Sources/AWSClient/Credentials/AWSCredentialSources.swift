/// Creates credential providers from a configuration.
public enum AWSCredentialSources {
  /// The sources in AWS' own order, or only one profile if it is named; cached until shortly before they expire.
  public static func chain(_ environment: AWSEnvironment, profile: String? = nil) -> any AWSCredentialProvider {
    CachedCredentials(DefaultCredentialChain(environment, profile: profile), now: environment.now)
  }

  /// A role assumed with other credentials; cached until shortly before they expire.
  /// - Parameters:
  ///   - sessionName: who assumes it, for AWS' logs; made valid by ``AWSSessionName``.
  public static func assumingRole(
    _ arn: String, externalID: String?, sessionName: String, base: any AWSCredentialProvider, sts: STSClient
  ) -> any AWSCredentialProvider {
    let role = ClosureCredentialProvider {
      try await sts.assumeRole(arn, sessionName: sessionName, externalID: externalID, using: base)
    }
    return CachedCredentials(role, now: sts.clock)
  }
}
