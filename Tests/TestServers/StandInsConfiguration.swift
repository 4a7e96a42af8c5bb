/// What stands where and how it behaves at the start; what is not said is as the program has it.
package struct StandInsConfiguration: Sendable {
  /// Names of the engines.
  package var engines = ["fra1"]
  /// Who may call an engine.
  package var engineAccount: EngineAccount?
  /// Who may call Wowza Video.
  package var videoAccount = VideoAccount()
  /// How engines behave.
  package var engineSettings = EngineSettings()
  /// How Wowza Video behaves.
  package var videoSettings = VideoSettings()
  /// The URL of an S3 server that they open a way to; nil for none.
  package var s3Upstream: String?
  /// A clock that they follow, in milliseconds since 1970; nil for the machine's.
  package var now: (@Sendable () -> Int64)?

  /// Who may call an engine.
  package struct EngineAccount: Sendable {
    /// The user's name.
    package var user: String
    /// The user's password.
    package var password: String

    /// Creates an account.
    package init(user: String, password: String) {
      self.user = user
      self.password = password
    }
  }

  /// Who may call Wowza Video.
  package struct VideoAccount: Sendable {
    /// The bearer that is taken.
    package var token: String?
  }

  /// As the program has everything.
  package init() {}

  var arguments: [String] {
    engines.flatMap { ["--engine", "\($0)=0"] } + (s3Upstream.map { ["--s3-upstream", $0] } ?? [])
  }

  /// Secrets come by the environment.
  var credentials: [String] {
    [
      ("ENGINE_USER", engineAccount?.user), ("ENGINE_PASSWORD", engineAccount?.password),
      ("VIDEO_TOKEN", videoAccount.token),
    ].compactMap { name, value in value.map { "RUNDOWN_STANDINS_\(name)=\($0)" } }
  }
}

/// Ports on 127.0.0.1.
package struct StandInsPorts: Decodable, Sendable {
  /// That of the control API.
  package let control: Int
  /// Those of the engines by name.
  package let engines: [String: Int]
  /// That of Wowza Video.
  package let video: Int
  /// That of the way to an S3 server; nil when there is none.
  package let s3: Int?

  /// Ports by their numbers.
  package init(control: Int, engines: [String: Int], video: Int, s3: Int?) {
    self.control = control
    self.engines = engines
    self.video = video
    self.s3 = s3
  }
}
