import Glibc
import TestServers
import Testing

@Suite("rundown doctor and config", .timeLimit(.minutes(20)))
struct DoctorTests {
  @Test("finds an engine that answers, and says how to mend a refused or missing secret")
  func engine() async throws {
    try await Studio.open { studio in
      let good = try await studio.run(["doctor"])
      #expect(good.status == 0, "\(good.output)")
      #expect(good.output.contains("ok       engine fra1: answers"), "\(good.output)")

      try studio.folder.write("secret-password", "wrong")
      let refused = try await studio.run(["doctor"])
      #expect(refused.status == 4, "\(refused.output)")
      #expect(refused.output.contains("REFUSED  engine fra1:"), "\(refused.output)")

      try studio.folder.write("secret-push-key", "")
      let missing = try await Command.run(["doctor"], in: studio.folder)
      #expect(missing.status == 1, "\(missing.output)")
      #expect(missing.output.contains("FAIL     engine fra1: secret env:ENGINE_USER"), "\(missing.output)")
      #expect(missing.output.contains("fix: set it"), "\(missing.output)")
      #expect(missing.output.contains("FAIL     push credential push: "), "\(missing.output)")
      #expect(!good.output.contains("env:ENGINE_USER: env:ENGINE_USER"), "\(good.output)")
    }
  }

  @Test("says which auth: fits an engine that asks for another one", arguments: ["digest", "none"])
  func authentication(word: String) async throws {
    try await Studio.open { studio in
      // The stand-in asks for Basic.
      let settings = try studio.folder.text("rundown.yaml")
      try studio.folder.write("rundown.yaml", settings.replacing("auth: basic", with: "auth: \(word)"))
      let told = try await studio.run(["doctor"])
      #expect(told.output.contains("write auth: basic"), "\(told.output)")
    }
  }

  /// Doctor's answer, in which everything that is broken comes with a way out, no word stands twice and no value is
  /// shown as the compiler would.
  private func examined(_ folder: Folder, _ words: [String] = [], environment: [String: String] = [:]) async throws
    -> Command.Ended
  {
    let told = try await Command.run(["doctor"] + words, in: folder, environment: environment)
    let lines = told.output.split(separator: "\n").map(String.init)
    for (index, line) in lines.enumerated() where line.hasPrefix("FAIL") || line.hasPrefix("REFUSED") {
      let next = index + 1 < lines.count ? lines[index + 1] : ""
      #expect(next.hasPrefix("         fix: "), "\(told.output)")
    }
    for sign in ["(why:", "Optional(", "Error(", "hold(", "nil"] {
      #expect(!told.output.contains(sign), "\(told.output)")
    }
    for line in lines {
      let parts = line.split(separator: " ").filter { $0.hasSuffix(":") }
      #expect(zip(parts, parts.dropFirst()).allSatisfy { $0 != $1 }, "\(line)")
    }
    return told
  }

  private func engine(_ url: String, _ rest: String = "auth: none") -> String {
    "apiVersion: rundown/v1\nconnections: {engines: {fra1: {url: '\(url)', \(rest)}}}\n"
  }

  @Test("says how to fix an address that nobody listens on, and shows all of it even if a user has the same name")
  func nobody() async throws {
    let folder = try Folder()
    try folder.write("user", "127.0.0.1")
    try folder.write("password", "canary-password")
    try folder.write("rundown.yaml", engine("http://127.0.0.1:1", "user: file:user, password: file:password"))
    let told = try await examined(folder)
    #expect(told.status == 1)
    #expect(told.output.contains("connect to 127.0.0.1") && !told.output.contains("<redacted>"), "\(told.output)")
    #expect(told.output.contains("fix: start the server, or correct host and port in connections.engines.fra1.url"))
  }

  @Test("knows a port that speaks HTTP where https is written, and one that speaks TLS where http is")
  func schemes() async throws {
    try await Studio.open { studio in
      let settings = try studio.folder.text("rundown.yaml")
      try studio.folder.write("rundown.yaml", settings.replacing("url: http://", with: "url: https://"))
      let told = try await examined(studio.folder, environment: ["ENGINE_USER": "wse"])
      #expect(told.output.contains("fix: this port speaks HTTP: write http://127.0.0.1:"), "\(told.output)")
    }
    let server = try AnswerServer(AnswerServer.answer(200, body: "{}"))
    defer { server.stop() }
    let front = try await TLSFront.start(before: server.port)
    defer { front.stop() }
    let folder = try Folder()
    try folder.write("rundown.yaml", engine(front.url.replacing("https://", with: "http://")))
    let plain = try await examined(folder)
    #expect(plain.output.contains("fix: this port speaks HTTPS: write \(front.url)"), "\(plain.output)")
    try folder.write("rundown.yaml", engine(front.url))
    let untrusted = try await examined(folder)
    #expect(untrusted.output.contains("fix: set caFile"), "\(untrusted.output)")
  }

  @Test(
    "validates versions as jobs do",
    arguments: [
      ("version: v9.9, token: env:T", "version v9.9 is not supported", "write version: v2.0, or one of v1.6"),
      ("version: v1.6, token: env:T", "version v1.6 does not accept tokens", "authentication: apiKey"),
      ("authentication: apiKey, apiKey: env:T, accessKey: env:T", "does not accept API keys", "authentication: token"),
    ])
  func versions(account: String, words: String, fix: String) async throws {
    let folder = try Folder()
    try folder.write(
      "rundown.yaml",
      "apiVersion: rundown/v1\nconnections: {wowzaVideo: {main: {url: 'http://127.0.0.1:1', \(account)}}}\n")
    let told = try await examined(folder, environment: ["T": "canary-token"])
    #expect(told.status == 1 && told.output.contains(words) && told.output.contains(fix), "\(told.output)")
  }

  @Test("says where it looked when there is no configuration, and which files it read when there is one")
  func configuration() async throws {
    let folder = try Folder()
    let none = try await examined(folder)
    #expect(none.status == 0)
    #expect(none.output.contains("warn     configuration: no file found; looked for "), "\(none.output)")
    #expect(none.output.contains("\(folder.path)/rundown.yaml") && none.output.contains("fix: rundown init"))
    try folder.write("rundown.yaml", "apiVersion: rundown/v1\n")
    let one = try await examined(folder)
    #expect(one.output.contains("ok       configuration: read \(folder.path)/rundown.yaml"), "\(one.output)")
  }

  @Test(
    "ends as other commands do for a queue file that they cannot use",
    arguments: ["missing/q.db", "letter", "link", "exposed.db"])
  func queueFile(name: String) async throws {
    let folder = try Folder()
    try folder.write("letter", "Dear Ana,")
    try #require(symlink("nowhere", "\(folder.path)/link") == 0)
    let made = try await Command.run(EnqueueTests.target + ["--database", "exposed.db"], in: folder)
    try #require(made.status == 0)
    chmod("\(folder.path)/exposed.db", 0o644)
    let told = try await examined(folder, ["--database", name])
    let other = try await Command.run(EnqueueTests.target + ["--database", name], in: folder)
    #expect(told.status == 12 && other.status == 12, "\(told.output)\(other.errors)")
    #expect(told.output.contains("FAIL     queue file \(folder.path)/\(name): "), "\(told.output)")
  }

  @Test("warns of ready jobs that no running worker would take")
  func unserved() async throws {
    let folder = try Folder()
    #expect(try await examined(folder).output.contains("first enqueue creates it"))
    _ = try await Command.run(EnqueueTests.target, in: folder)
    let told = try await examined(folder)
    #expect(told.status == 0)
    let words = "warn     workers: no running worker serves queue wowza-video, where 1 job is ready"
    #expect(told.output.contains("\(words)\n         fix: rundown worker\n"), "\(told.output)")
    let worker = try Command.start(["worker", "--queues", "uploads"], in: folder)
    try await eventually {
      try await examined(folder).output.contains("\(words)\n         fix: rundown worker --queues wowza-video\n")
    }
    worker.signal(SIGTERM)
    _ = try await worker.end()
  }

  @Test("gives no advice about auth: when somebody else answers than the engine")
  func wrongPort() async throws {
    let folder = try Folder()
    try folder.write("secret", "canary-engine-secret")
    let answer = AnswerServer.answer(
      404, headers: ["Content-Type: application/json"], body: #"{"message":"no route","code":"404"}"#)
    let server = try AnswerServer(answer)
    defer { server.stop() }
    try folder.write(
      "rundown.yaml",
      """
      apiVersion: rundown/v1
      connections:
        engines:
          fra1: {url: "http://127.0.0.1:\(server.port)", auth: basic, user: file:secret, password: file:secret}
      """)
    let told = try await Command.run(["doctor"], in: folder)
    #expect(told.status != 0, "\(told.output)")
    #expect(told.output.contains("engine fra1:") && !told.output.contains("write auth:"), "\(told.output)")
  }

  @Test("every setting is shown with where it comes from")
  func origins() async throws {
    let folder = try Folder()
    try folder.write("rundown.yaml", "apiVersion: rundown/v1\nworker:\n  concurrency: 3\n")
    let shown = try await Command.run(
      ["config", "show", "--origin"], in: folder, environment: ["RUNDOWN_DATABASE": "other.db"])
    #expect(shown.status == 0)
    let lines = shown.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(lines.contains(["database", "\(folder.path)/other.db", "RUNDOWN_DATABASE"]))
    #expect(lines.contains(["worker.concurrency", "3", "rundown.yaml:3:16"]))
    #expect(lines.contains(["worker.leaseSeconds", "30", "default"]))
  }

  @Test("an error in the configuration is reported with its place, by any command that needs it")
  func badConfiguration() async throws {
    let folder = try Folder()
    try folder.write("rundown.yaml", "apiVersion: rundown/v1\nretention: 3\n")
    for arguments in [["doctor"], ["status"], EnqueueTests.target, ["config", "show"]] {
      let ended = try await Command.run(arguments, in: folder)
      #expect(ended.status == 2)
      #expect(ended.errors.contains("--> rundown.yaml:2:1"), "\(ended.errors)")
    }
    #expect(!folder.exists("rundown.db"))
  }
}
