import FoundationEssentials
import TestServers
import Testing

@Suite("A bucket that is set up from the command line", .timeLimit(.minutes(5)))
struct BucketCommandTests {
  private static let settings = ["ownershipControls", "publicAccessBlock", "cors", "lifecycle", "policy", "tagging"]

  /// A server that lacks two of the settings, and a configuration that leads to it.
  private struct Given {
    let folder: Folder
    let bucket = BucketServer()
    let socket: SocketServer

    init() async throws {
      socket = try bucket.listen()
      await bucket.answer(["GET cors", "GET lifecycle"], BucketServer.error(501, "NotImplemented"))
      folder = try Folder()
      try folder.write("key", "canary-storage-secret")
      try folder.write(
        "rundown.yaml",
        """
        apiVersion: rundown/v1
        connections:
          aws:
            media: {source: static, accessKeyId: file:key, secretAccessKey: file:key, region: fr-par, endpoint: '\(socket.url.replacing("http:", with: "HTTP:"))'}
        """)
    }

    func run(_ words: String...) async throws -> Command.Ended { try await Command.run(words, in: folder) }

    func enqueue(_ words: String...) async throws {
      let ended = try await Command.run(
        ["enqueue", "create-bucket-config", "--connection", "media", "--bucket", "eu-live"] + words, in: folder)
      #expect(ended.status == 0, "\(ended.errors)")
    }
  }

  @Test("each request is shown with its sub-resource, and what the server lacks by name")
  func shown() async throws {
    let given = try await Given()
    try await given.enqueue()
    #expect(try await given.run("worker", "--once").status == 0)
    let shown = try await given.run("jobs", "show", "1").output
    for setting in Self.settings where setting != "policy" && setting != "tagging" {
      #expect(shown.contains("GET \(given.socket.url)/eu-live?\(setting) → "), "\(shown)")
    }
    #expect(shown.contains("cors: unsupported; this server does not support ?cors (it answered 501 NotImplemented)"))
    #expect(shown.contains("lifecycle: unsupported; "))
    #expect(await given.bucket.regions == ["fr-par"])
  }

  @Test("a default that is not asked for is not written into the job: it follows the program, and may be missing")
  func defaults() async throws {
    let given = try await Given()
    try await given.enqueue()
    let shown = try await given.run("jobs", "show", "1", "--json").json(View.self)
    #expect(shown.story.job.parameters == ["connection": "media", "bucket": "eu-live"])
    #expect(try await given.run("worker", "--once").status == 0)
    #expect(try await given.run("jobs", "show", "1", "--json").json(View.self).story.job.state == "completed")
  }

  @Test("what is asked for and the server lacks ends the job after the others; the way out is a flag, and it works")
  func askedFor() async throws {
    let given = try await Given()
    try await given.enqueue("--abort-incomplete-days", "3", "--tags", "team=live")
    _ = try await given.run("worker", "--once")
    let dead = try await given.run("jobs", "show", "1", "--json").json(View.self).story.job
    #expect(dead.state == "dead")
    let words = try await given.run("jobs", "show", "1").output
    #expect(words.contains("does not support lifecycle, which this job asks for; everything else is set"), "\(words)")
    #expect(words.contains("--skip-unsupported"))
    #expect(await given.bucket.document("tagging")?.contains("<Value>live</Value>") == true)
    try await given.enqueue("--abort-incomplete-days", "3", "--tags", "team=live", "--skip-unsupported")
    #expect(try await given.run("worker", "--once").status == 0)
    #expect(try await given.run("jobs", "show", "2", "--json").json(View.self).story.job.state == "completed")
  }

  private struct View: Decodable {
    struct Job: Decodable {
      var state: String
      /// The texts among them.
      var parameters: [String: String]

      enum CodingKeys: CodingKey { case state, parameters }

      init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        state = try values.decode(String.self, forKey: .state)
        parameters = (try? values.decode([String: String].self, forKey: .parameters)) ?? [:]
      }
    }
    struct Story: Decodable { var job: Job }
    var story: Story
  }
}
