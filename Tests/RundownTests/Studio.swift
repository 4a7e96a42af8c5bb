import FoundationEssentials
import Testing

@testable import rundown_standins

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
    configuration.engineAccount = EngineAccount(user: "wse", password: secrets[0])
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
    let answer = try await control("GET", "/counts", "")
    let counts = try JSONDecoder().decode(Counts.self, from: Data(answer.utf8))
    return try #require(counts.engines["fra1"])
  }

  /// Makes the engine misbehave.
  func fault(_ json: String) async throws { _ = try await control("POST", "/faults", json) }

  private func control(_ method: String, _ path: String, _ body: String) async throws -> String {
    try await StandInsControl(folder: folder, port: standIns.ports.control).ask(method, path, body)
  }
}

/// The control API of stand-ins.
struct StandInsControl: Sendable {
  let folder: Folder
  let port: Int

  /// Asks it; the shell's own sockets do for it.
  /// - Returns: the body of the answer.
  @discardableResult
  func ask(_ method: String, _ path: String, _ body: String) async throws -> String {
    let request =
      "\(method) \(path) HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n"
      + "Content-Length: \(body.utf8.count)\\r\\n\\r\\n\(body)"
    let ended = try await Command.shell(
      "exec 3<>/dev/tcp/127.0.0.1/\(port) && printf '\(request)' >&3 && cat <&3", in: folder)
    let parts = ended.output.split(separator: "\r\n\r\n", maxSplits: 1)
    try #require(parts.count == 2 && parts[0].hasPrefix("HTTP/1.1 20"), "\(ended)")
    return String(parts[1])
  }
}
