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

  @Test("every setting is shown with who set it")
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

  @Test("an error of the configuration is told with its place, by any command that needs it")
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
