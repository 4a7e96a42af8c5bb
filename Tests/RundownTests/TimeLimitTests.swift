import FoundationEssentials
import Glibc
import TestServers
import Testing

@Suite("A time limit that is shorter than the upload", .timeLimit(.minutes(20)))
struct TimeLimitTests {
  /// What the story of a job says of its attempts.
  private struct Story: Decodable {
    struct Attempt: Decodable {
      var outcome: String?
      var why: String?
    }
    struct Job: Decodable {
      var state: String
      var failures: Int
    }
    struct Content: Decodable {
      var job: Job
      var attempts: [Attempt]
    }
    var story: Content
  }

  /// A real S3 server behind a way on which each part takes some time.
  private struct Given {
    let folder: Folder
    let standIns: StandIns
    let server: S3Server
    let bucket = "f12-\(UUID().uuidString.lowercased())"

    static func open(_ body: (Given) async throws -> Void) async throws {
      let server = try await S3Server.shared(.miniStack)
      var configuration = StandInsConfiguration()
      configuration.s3Upstream = server.url
      let given = Given(folder: try Folder(), standIns: try await StandIns.start(configuration), server: server)
      do {
        try given.furnish()
        try await body(given)
      } catch {
        await given.standIns.stop()
        throw error
      }
      await given.standIns.stop()
    }

    private func furnish() throws {
      try folder.write(
        "rundown.yaml",
        """
        apiVersion: rundown/v1
        worker: {jobTimeoutSeconds: {upload-recording: 8}}
        connections:
          aws:
            media:
              source: static
              accessKeyId: env:S3_ID
              secretAccessKey: env:S3_SECRET
              region: us-east-1
              endpoint: http://127.0.0.1:\(try #require(standIns.ports.s3))
        """)
    }

    func run(_ arguments: [String]) async throws -> Command.Ended {
      try await Command.run(
        arguments, in: folder, environment: ["S3_ID": server.accessKeyID, "S3_SECRET": server.secretAccessKey])
    }

    /// Has a part wait for longer than any attempt may take, the first time it is sent.
    func hold(part number: Int) async throws {
      let fault =
        #"{"listener":"s3","kind":"slow","delayMilliseconds":60000,"method":"PUT","count":1,"#
        + #""parameter":"partNumber=\#(number)"}"#
      _ = try await standIns.control("POST", "/faults", fault)
    }
  }

  // attempt | part 1 | part 2          | part 3          |
  // --------+--------+-----------------+-----------------+--------------
  //    1    | sent   | held            |                 | out of time
  //    2    |        | sent            | held            | out of time
  //    3    |        |                 | sent            | completed
  @Test(
    "does not end it: each attempt goes on where the one before ran out of time, and none that made progress is a failure"
  )
  func progress() async throws {
    try await Given.open { given in
      let made = try await given.run([
        "enqueue", "create-bucket-config", "--connection", "media", "--bucket", given.bucket, "--region", "us-east-1",
      ])
      try #require(made.status == 0, "\(made.errors)")
      try #require(try await given.run(["worker", "--once"]).status == 0)
      for part in [2, 3] { try await given.hold(part: part) }
      let recording = "\(given.folder.path)/recording.mp4"
      try given.folder.write("recording.mp4", "")
      try #require(truncate(recording, (32 << 20) + 1) == 0)
      // More than one attempt that counted would be the end of it.
      let enqueued = try await given.run([
        "enqueue", "upload-recording", "--connection", "media", "--file", recording, "--bucket", given.bucket,
        "--key", "recording.mp4", "--parallel-parts", "1", "--max-attempts", "2",
      ])
      try #require(enqueued.output == "2\n", "\(enqueued.errors)")
      let worked = try await given.run(["worker", "--once", "--wait-for-scheduled"])
      #expect(worked.status == 0, "\(worked.errors)")
      let story = try await given.run(["jobs", "show", "2", "--json"]).json(Story.self).story
      #expect(story.job.state == "completed", "\(worked.errors)")
      let cut = story.attempts.filter { $0.why?.contains("reached its limit of 8 s while making progress") == true }
      #expect(cut.count >= 2, "\(worked.errors)")
      // On a machine that stands still an attempt may be over before its first part: that one counts, and no other.
      let others = story.attempts.count - cut.count - 1
      #expect(story.job.failures == others, "\(worked.errors)")
    }
  }
}
