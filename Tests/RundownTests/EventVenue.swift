import FoundationEssentials
import TestServers
import Testing

/// A folder with a sheet, a profile and a configuration that leads to stand-ins of all providers that a sheet needs: an engine, a
/// Wowza Video account, and one bucket that is not there yet.
struct EventVenue: Sendable {
  static let secrets = ["canary-engine-password", "canary-push-key", "canary-push-id", "canary-storage-key"]

  private struct Counts: Decodable {
    struct Site: Decodable { var requests: Int }
    var engines: [String: Site]
    var video: Site
  }

  let folder: Folder
  let bucket = BucketServer(isThere: false)
  private let socket: SocketServer
  private let standIns: StandIns

  /// Runs `body` and stops the stand-ins at its end.
  static func open(_ body: (EventVenue) async throws -> Void) async throws {
    var configuration = StandInsConfiguration()
    configuration.engineAccount = StandInsConfiguration.EngineAccount(user: "wse", password: secrets[0])
    let standIns = try await StandIns.start(configuration)
    do {
      try await body(try EventVenue(standIns))
    } catch {
      await standIns.stop()
      throw error
    }
    await standIns.stop()
  }

  private init(_ standIns: StandIns) throws {
    self.standIns = standIns
    socket = try bucket.listen()
    folder = try Folder()
    for (name, secret) in zip(["password", "push-key", "push-id", "storage-key"], Self.secrets) {
      try folder.write(name, secret)
    }
    try folder.write("token", "standin-token")
    try folder.write("user", "wse")
    let engine = try #require(standIns.ports.engines["fra1"])
    try folder.write(
      "rundown.yaml",
      """
      apiVersion: rundown/v1
      connections:
        engines:
          fra1:
            url: http://127.0.0.1:\(engine)
            auth: basic
            user: {file: user}
            password: {file: password}
            limits: {concurrentWrites: 4}
        pushCredentials: {push: {accessKeyId: {file: push-id}, secretAccessKey: {file: push-key}}}
        aws:
          media: {source: static, accessKeyId: file:storage-key, secretAccessKey: file:storage-key, endpoint: '\(socket.url)'}
        wowzaVideo: {main: {url: "http://127.0.0.1:\(standIns.ports.video)", version: v2.0, token: {file: token}}}
      """)
    try writeProfile()
    try folder.write("gig.csv", "stream\nstage-a\nstage-b\n")
  }

  /// Writes the profile that the sheet is brought in with.
  func writeProfile(_ more: String = "") throws {
    try folder.write(
      "house.yaml",
      """
      apiVersion: rundown/v1
      kind: Profile
      name: house
      region: eu-central-1
      engine: fra1
      bucket: {name: gig-live, connection: media}
      target: {credential: push}
      cdn: {kind: wowza-cdn, connection: main}
      \(more)
      """)
  }

  func run(_ arguments: [String]) async throws -> Command.Ended { try await Command.run(arguments, in: folder) }

  /// Runs a command about the sheet.
  func sheet(_ command: String, _ more: String...) async throws -> Command.Ended {
    try await run([command, "gig.csv", "--profile", "house.yaml"] + more)
  }

  /// Brings everything about that is in the queue.
  func work() async throws {
    let ended = try await run(["worker", "--once", "--concurrency", "16"])
    #expect(ended.status == 0, "\(ended.errors)")
  }

  /// Makes the engine misbehave.
  func fault(_ json: String) async throws { _ = try await standIns.control("POST", "/faults", json) }

  /// How many requests the engine and the account got so far.
  func requests() async throws -> (engine: Int, video: Int) {
    let counts = try JSONDecoder().decode(Counts.self, from: Data(try await standIns.control("GET", "/counts").utf8))
    return (counts.engines["fra1"]?.requests ?? 0, counts.video.requests)
  }
}
