import FoundationEssentials
import Testing

/// What an editor, a shell or a copy from a page makes of the file of a secret.
@Suite("The file of a secret that cannot be sent", .timeLimit(.minutes(20)))
struct UnusableSecretTests {
  static let mistakes = [
    "", "\n", " \r\n\t\n", "\u{feff}s3cretvalue", "s3cret\nvalue\n", "s3cret\u{7}value", "s3cret\u{1b}[0mvalue",
    "s\03\0c\0r\0e\0t\0\n\0",
  ]

  @Test(
    "closes the gates, names the secret and counts nothing",
    arguments: ProcessInfo.processInfo.environment["RUNDOWN_EXHAUSTIVE"] == "1"
      ? mistakes : [mistakes[0], mistakes[3], mistakes[4], mistakes[5], mistakes[7]])
  func gate(content: String) async throws {
    let folder = try Self.folder()
    for name in ["key", "token", "password", "push"] { try folder.write(name, content) }
    for arguments in Self.jobs { #expect(try await Command.run(arguments, in: folder).status == 0) }
    _ = try await Command.start(["worker", "--once"], in: folder).endWhenAllWereTried()
    for job in 1...Self.jobs.count {
      let shown = try await Command.run(["jobs", "show", "\(job)", "--json"], in: folder)
      let view = try shown.json(View.self).story.job
      #expect(view.state == "ready" || view.state == "scheduled", "\(shown.output)")
      #expect(view.failures == 0, "\(shown.output)")
    }
    let status = try await Command.run(["gates"], in: folder)
    for name in ["file:key", "file:token", "file:password"] {
      #expect(status.output.contains(name), "\(status.output)")
    }
    let doctor = try await Command.run(["doctor"], in: folder)
    for name in ["file:key", "file:token", "file:password", "file:push"] {
      #expect(doctor.output.contains("secret \(name): it "), "\(doctor.output)")
    }
    #expect(!doctor.output.contains("header"))
  }

  @Test(
    "is no matter when blanks and line breaks stand at its ends only",
    arguments: ["value\n\n", "\r\n value \r\n\r\n\n"])
  func trimmed(content: String) async throws {
    let folder = try Self.folder()
    for name in ["key", "token", "password", "push"] { try folder.write(name, content) }
    let doctor = try await Command.run(["doctor"], in: folder)
    #expect(!doctor.output.contains("secret file:"), "\(doctor.output)")
    // Nobody listens there, and that is what is told.
    #expect(doctor.output.contains("push credential push: its secrets can be read"), "\(doctor.output)")
  }

  private struct View: Decodable {
    struct Job: Decodable {
      var state: String
      var failures: Int
    }
    struct Story: Decodable { var job: Job }
    var story: Story
  }

  private static func folder() throws -> Folder {
    let folder = try Folder()
    try folder.write("id", "AKIAEXAMPLEEXAMPLE00")
    try folder.write("recording.mp4", "not really a recording")
    try folder.write(
      "rundown.yaml",
      """
      apiVersion: rundown/v1
      connections:
        engines:
          fra1: {url: "http://127.0.0.1:1", auth: basic, user: file:id, password: file:password}
        aws:
          media: {source: static, endpoint: "http://127.0.0.1:1", region: eu-central-1, accessKeyId: file:id, secretAccessKey: file:key}
        wowzaVideo:
          main: {url: "http://127.0.0.1:1", token: file:token}
        pushCredentials:
          push: {accessKeyId: file:id, secretAccessKey: file:push}
          good: {accessKeyId: file:id, secretAccessKey: file:id}
      """)
    return folder
  }

  private static let jobs: [[String]] = {
    let entry = [
      "enqueue", "create-map-entry", "--engine", "fra1", "--application", "live", "--source-stream", "cam-01",
      "--bucket", "eu-live", "--region", "eu-central-1",
    ]
    return [
      entry + ["--entry-name", "a", "--credential", "good"], entry + ["--entry-name", "b", "--credential", "push"],
      [
        "enqueue", "upload-recording", "--connection", "media", "--file", "recording.mp4", "--bucket", "bkt-a", "--key",
        "k1",
      ],
      ["enqueue", "create-fastly-target", "--connection", "main", "--bucket", "eu-live", "--region", "eu-central-1"],
    ]
  }()
}
