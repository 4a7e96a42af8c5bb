import FoundationEssentials
import TestServers
import Testing

/// A folder with a configuration whose one engine is a stand-in that counts what is made. Its secrets are marked, so
/// that they are found wherever they should not be.
struct Studio: Sendable {
  static let secrets = ["canary-password-3b9f", "canary-push-key-77c1"]
  static let entry = [
    "enqueue", "create-map-entry", "--engine", "fra1", "--application", "live", "--entry-name", "cam-01-s3",
    "--source-stream", "cam-01", "--bucket", "eu-live", "--region", "eu-central-1", "--credential", "push",
  ]

  /// What was done to the engine.
  struct Counts: Decodable {
    struct Engine: Decodable {
      var created: Int
      var duplicates: Int
    }
    var engines: [String: Engine]
  }

  let folder: Folder
  private let standIns: StandIns

  /// Runs `body` and stops the stand-ins at its end.
  static func open(_ body: (Studio) async throws -> Void) async throws {
    var configuration = StandInsConfiguration()
    configuration.engineAccount = StandInsConfiguration.EngineAccount(user: "wse", password: secrets[0])
    let standIns = try await StandIns.start(configuration)
    do {
      let studio = Studio(folder: try Folder(), standIns: standIns)
      try studio.furnish()
      try await body(studio)
    } catch {
      await standIns.stop()
      throw error
    }
    await standIns.stop()
  }

  private func furnish() throws {
    try folder.write("secret-password", Self.secrets[0])
    try folder.write("secret-push-key", Self.secrets[1])
    try folder.write("secret-push-id", "AKIACANARY")
    try folder.write(
      "rundown.yaml",
      """
      apiVersion: rundown/v1
      worker: {leaseSeconds: 10}
      connections:
        engines:
          fra1:
            url: http://127.0.0.1:\(try #require(standIns.ports.engines["fra1"]))
            auth: basic
            user: env:ENGINE_USER
            password: {file: secret-password}
        pushCredentials:
          push: {accessKeyId: {file: secret-push-id}, secretAccessKey: {file: secret-push-key}}
      """)
  }

  /// Runs a command that knows the engine's user.
  func run(_ arguments: [String]) async throws -> Command.Ended { try await start(arguments).end() }

  /// Starts a command that knows the engine's user.
  func start(_ arguments: [String], fault: String? = nil) throws -> Command {
    var environment = ["ENGINE_USER": "wse"]
    environment["RUNDOWN_FAULT"] = fault
    return try Command.start(arguments, in: folder, environment: environment)
  }

  /// What the engine counted.
  func engine() async throws -> Counts.Engine {
    let answer = try await standIns.control("GET", "/counts")
    let counts = try JSONDecoder().decode(Counts.self, from: Data(answer.utf8))
    return try #require(counts.engines["fra1"])
  }

  /// Makes the engine misbehave.
  func fault(_ json: String) async throws { _ = try await standIns.control("POST", "/faults", json) }
}
