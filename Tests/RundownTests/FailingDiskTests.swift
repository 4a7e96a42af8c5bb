import Glibc
import Testing

@Suite(
  "A disk that fails under a command", .enabled(if: FailingDisk.canBeBuilt, "needs a C compiler"),
  .timeLimit(.minutes(5)))
struct FailingDiskTests {
  /// What fails: a call on a file from its how manieth time on, with an error number.
  private struct Failing {
    let call: String
    let file: String
    let error: Int32
    let counts: ClosedRange<Int>
  }

  private static let nothingWritten = "nothing was written"
  private static let notKnown = "is unknown whether"

  @Test(
    "what is said of a write is true: acknowledged is there, 'nothing was written' is not, else it says 'not known'")
  func sentences() async throws {
    let folder = try Folder()
    let built = try await FailingDisk.build(in: folder)
    try #require(built.status == 0, "\(built.errors)")
    func enqueue(_ bucket: String, _ environment: [String: String] = [:]) async throws -> Command.Ended {
      try await Command.run(
        EnqueueTests.target.map { $0 == "eu-live" ? bucket : $0 }, in: folder, environment: environment)
    }
    try #require(try await enqueue("eu-first").status == 0)
    var said: [String: Int] = [:]
    for failing in [
      Failing(call: "sync", file: ".db-wal", error: EIO, counts: 1...3),
      Failing(call: "sync", file: ".db-wal", error: ENOSPC, counts: 1...2),
      Failing(call: "sync", file: folder.path, error: EIO, counts: 1...2),
      Failing(call: "sync", file: ".db", error: EIO, counts: 1...1),
      Failing(call: "write", file: ".db-wal", error: ENOSPC, counts: 1...6),
      Failing(call: "write", file: ".db-wal", error: EFBIG, counts: 2...3),
      Failing(call: "write", file: ".db-wal", error: EIO, counts: 1...6),
      Failing(call: "write", file: ".db", error: ENOSPC, counts: 1...1),
      Failing(call: "write", file: ".db-turn", error: ENOSPC, counts: 1...3),
    ] {
      for count in failing.counts {
        let bucket = "eu-\(said.values.reduce(0, +) + 1)"
        let what = "\(failing) \(count)"
        let ended = try await enqueue(
          bucket,
          FailingDisk.environment(
            folder, failing: failing.call, of: failing.file, error: failing.error, from: count))
        let listed = try await Command.run(["jobs", "list", "--json", "--limit", "1000"], in: folder)
        #expect(listed.status == 0, "\(what): \(listed.errors)")
        let isThere = listed.output.contains("\"\(bucket)\"")
        let word: String
        switch ended.status {
        case 0:
          word = "done"
          #expect(isThere && !ended.output.isEmpty, "\(what)")
        case 5, 12:
          #expect(ended.output.isEmpty && ended.errors.contains("error["), "\(what): \(ended.errors)")
          let isKnown = ended.errors.contains(Self.nothingWritten)
          let isUnknown = ended.errors.contains(Self.notKnown)
          #expect(!(isKnown && isUnknown), "\(what): \(ended.errors)")
          #expect(!(isKnown && isThere), "\(what): it is there, and yet: \(ended.errors)")
          #expect(!isThere || isUnknown, "\(what): it is there, and yet: \(ended.errors)")
          word = isKnown ? Self.nothingWritten : isUnknown ? Self.notKnown : "neither"
        default:
          word = "\(ended.status)"
          Issue.record("\(what): \(ended.status) \(ended.errors)")
        }
        said[word, default: 0] += 1
      }
    }
    // Each is said; a disk that fails only after the answer was due spoils nothing.
    for word in ["done", Self.nothingWritten, Self.notKnown] { #expect(said[word] != nil, "\(said)") }
  }

  @Test(
    "a recording that cannot be opened for want of room is looked at again, and of a disk in trouble, it is no missing file",
    arguments: [
      (EMFILE, ["scheduled", "ready"], false), (ENFILE, ["scheduled", "ready"], false),
      (ENOMEM, ["scheduled", "ready"], false), (EIO, ["scheduled", "ready"], true),
      (ESTALE, ["scheduled", "ready"], true), (ETIMEDOUT, ["scheduled", "ready"], true), (ENOENT, ["dead"], true),
      (EACCES, ["dead"], true),
    ] as [(Int32, [String], Bool)])
  func recording(error: Int32, states: [String], countsAsFailure: Bool) async throws {
    let folder = try Folder()
    let built = try await FailingDisk.build(in: folder)
    try #require(built.status == 0, "\(built.errors)")
    try folder.write("take.mp4", "bytes")
    try folder.write(
      "rundown.yaml",
      """
      apiVersion: rundown/v1
      connections:
        aws: {media: {source: static, accessKeyId: env:K, secretAccessKey: env:K, region: us-east-1}}
      """)
    let enqueued = try await Command.run(
      [
        "enqueue", "upload-recording", "--connection", "media", "--file", "\(folder.path)/take.mp4", "--bucket",
        "eu-live", "--key", "take.mp4",
      ], in: folder)
    try #require(enqueued.status == 0, "\(enqueued.errors)")
    let worked = try await Command.run(
      ["worker", "--once"], in: folder,
      environment: FailingDisk.environment(folder, failing: "open", of: "/take.mp4", error: error, from: 1)
        .merging(["K": "abcdefghij"]) { $1 })
    let listed = try await Command.run(["jobs", "list", "--json"], in: folder)
    let job = try #require(try listed.json(JobsTests.Listed.self).jobs.first)
    #expect(worked.status == (job.state == "dead" ? 3 : 0), "\(worked.errors)")
    // A worker that is slow to see that nothing is ready may try it more than once.
    #expect(states.contains(job.state) && (job.failures > 0) == countsAsFailure, "\(listed.output) \(worked.errors)")
    #expect(listed.output.contains(String(cString: strerror(error))), "\(listed.output)")
  }
}
