/// How a provider of credentials is made from what a person configured.
public enum AWSCredentialSources {
  /// AWS' own order of places, or one profile alone when it is named; kept until shortly before the end.
  public static func chain(_ environment: AWSEnvironment, profile: String? = nil) -> any AWSCredentialProvider {
    CachedCredentials(DefaultCredentialChain(environment, profile: profile), now: environment.now)
  }

  /// A role taken on with other credentials; kept until shortly before the end.
  /// - Parameters:
  ///   - sessionName: who takes it on, for AWS' logs; made to fit by ``AWSSessionName``.
  public static func assumingRole(
    _ arn: String, externalID: String?, sessionName: String, base: any AWSCredentialProvider, sts: STSClient
  ) -> any AWSCredentialProvider {
    let role = ClosureCredentialProvider {
      try await sts.assumeRole(arn, sessionName: sessionName, externalID: externalID, using: base)
    }
    return CachedCredentials(role, now: sts.clock)
  }
}
