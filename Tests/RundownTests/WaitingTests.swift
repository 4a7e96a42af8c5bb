import FoundationEssentials
import Glibc
import JobQueue
import SQLiteJobStore
import Testing

@Suite("What keeps jobs from running is said", .timeLimit(.minutes(20)))
struct WaitingTests {
  private static let entry = [
    "enqueue", "create-map-entry", "--engine", "fra1", "--application", "live", "--source-stream", "cam", "--bucket",
    "example-live", "--region", "eu-central-1", "--credential", "push", "--entry-name",
  ]

  @Test("wait says that no worker runs ready jobs, and which worker died; it goes on waiting")
  func noWorker() async throws {
    let folder = try Folder()
    #expect(try await Command.run(Self.entry + ["one"], in: folder).status == 0)
    let store = try await SQLiteJobStore.open(at: folder.database)
    let moment = SystemClock().now() - .seconds(7200)
    try await store.announce(
      WorkerRecord(
        id: WorkerID("venue-3-77"), host: "elsewhere", pid: 7, processStart: "1", startedAt: moment, seenAt: moment,
        queues: ["engines"]))
    await store.close()
    let waiting = try Command.start(["wait", "1"], in: folder)
    try await eventually { waiting.errors.contains("1 job is ready, and no worker is running") }
    #expect(waiting.errors.contains("worker venue-3-77 died; last heard from at "), "\(waiting.errors)")
    waiting.signal(SIGINT)
    #expect(try await waiting.end().status == 130)

    let status = try await Command.run(["status"], in: folder).output
    #expect(status.hasPrefix("worker venue-3-77 died; last heard from at "), "\(status)")
    #expect(status.contains("died, 2h00m ago"))
    struct Status: Decodable {
      struct Inner: Decodable {
        struct Worker: Decodable { var alive: Bool }
        struct Unserved: Decodable {
          var queue: String
          var ready: Int
        }
        var workers: [Worker]
        var unserved: [Unserved]
      }
      var status: Inner
    }
    let shown = try await Command.run(["status", "--json"], in: folder).json(Status.self).status
    #expect(shown.workers.map(\.alive) == [false])
    #expect(shown.unserved.map(\.queue) == ["engines"] && shown.unserved.map(\.ready) == [1])
  }

  @Test("a queue that the running worker does not serve is named")
  func unserved() async throws {
    let folder = try Folder()
    #expect(try await Command.run(Self.entry + ["one"], in: folder).status == 0)
    let worker = try Command.start(["worker", "--queues", "uploads"], in: folder)
    let sentence =
      "no running worker serves queue engines, where 1 job is ready: start one with rundown worker --queues"
    try await eventually { try await Command.run(["status"], in: folder).output.hasPrefix(sentence) }
    worker.signal(SIGTERM)
    #expect(try await worker.end().status == 0)
  }

  @Test("wait says behind which gate jobs wait, and names those that are stuck")
  func gate() async throws {
    let folder = try Folder()
    #expect(try await Command.run(Self.entry + ["one"], in: folder).status == 0)
    #expect(try await Command.run(Self.entry + ["two"], in: folder).status == 0)
    #expect(try await Command.run(["gates", "close", "engine:fra1", "--reason", "new disks"], in: folder).status == 0)
    #expect(try await Command.run(["jobs", "cancel", "2", "--reason", "wrong venue"], in: folder).status == 0)
    let waiting = try Command.start(["wait"], in: folder)
    try await eventually {
      waiting.errors.contains("gate engine:fra1 was closed by an operator: new disks; 1 job waits behind it\n")
    }
    #expect(waiting.errors.contains("waiting for all 2 jobs in the queue, including those that ended earlier"))
    #expect(waiting.errors.contains("job 2 create-map-entry is cancelled: wrong venue\n"), "\(waiting.errors)")
    waiting.signal(SIGINT)
    #expect(try await waiting.end().status == 130)
  }

  @Test("status and wait show the progress of running uploads")
  func progress() async throws {
    let folder = try Folder()
    let store = try await SQLiteJobStore.open(at: folder.database)
    let now = SystemClock().now()
    _ = try await store.enqueue(
      [NewJob(kind: "upload-recording", queue: "uploads", uniqueKey: "object:media:example:a.mp4")], at: now)
    let leased = try await store.lease(
      LeaseRequest(owner: WorkerID("tests"), limits: [.init(queue: "uploads", count: 1)]), at: now)
    let round = #"{"number":1,"file":{"device":1,"inode":2,"size":41943040,"modified":3}}"#
    let part = #"{"etag":"e","crc32c":1,"length":16777216}"#
    try await store.write(
      [.checkpoint(key: "round", json: round), .checkpoint(key: "part/1/1", json: part)],
      under: try #require(leased.first).lease, at: now)
    await store.close()
    let sentence = "job 1 upload-recording media:example:a.mp4: 1 of 3 parts, 16 MiB of 40 MiB\n"
    let status = try await Command.run(["status"], in: folder).output
    #expect(status.contains(sentence), "\(status)")
    let waiting = try Command.start(["wait", "1"], in: folder)
    try await eventually { waiting.errors.contains(sentence) }
    waiting.signal(SIGINT)
    #expect(try await waiting.end().status == 130)
  }

  @Test("a worker that ends by itself says for which gate it waits, and ends with 3 when a job was held")
  func once() async throws {
    let folder = try Folder()
    #expect(try await Command.run(Self.entry + ["one"], in: folder).status == 0)
    #expect(try await Command.run(["gates", "close", "engine:fra1", "--reason", "new disks"], in: folder).status == 0)
    let worker = try Command.start(["worker", "--once"], in: folder)
    try await eventually { worker.errors.contains("waiting for a closed gate") }
    #expect(worker.errors.contains("cause=\"new disks\"") && worker.errors.contains("gate=engine:fra1"))
    #expect(try await Command.run(["gates", "open", "engine:fra1"], in: folder).status == 0)
    let ended = try await worker.end()
    // The configuration has no such engine.
    #expect(ended.status == 3, "\(ended.errors)")
    #expect(ended.errors.contains("error[not-reached]: 1 job is held"))
    #expect(ended.errors.contains(/warning attempt ended .*cause=.*fra1/), "\(ended.errors)")
    #expect(try await Command.run(["worker", "--once"], in: folder).status == 0)
  }

  @Test("waiting for scheduled jobs means something only to a worker that ends by itself")
  func waitForScheduled() async throws {
    let ended = try await Command.run(["worker", "--wait-for-scheduled"], in: try Folder())
    #expect(ended.status == 2)
    #expect(ended.errors.contains(" = help: add --once"), "\(ended.errors)")
  }

  @Test("log lines are objects where that is wanted, and priorities where the journal reads them")
  func logFormats() async throws {
    struct Line: Decodable {
      var time: String
      var level: String
      var message: String
      var facts: [String: String]
    }
    let folder = try Folder()
    let json = try await Command.run(["worker", "--once", "--log-format", "json"], in: folder)
    #expect(json.status == 0)
    // What is no log line, such as a new queue file, is told as everywhere.
    let lines = try json.errors.split(separator: "\n").filter { $0.hasPrefix("{") }.map {
      try JSONDecoder().decode(Line.self, from: Data($0.utf8))
    }
    #expect(lines.contains { $0.message == "worker started" && $0.level == "info" && $0.facts["worker"] != nil })
    #expect(lines.allSatisfy { $0.time.hasSuffix("Z") })
    let journal = try await Command.run(["worker", "--once", "--log-format", "journal"], in: folder)
    #expect(journal.errors.contains(/(?m)^<6>worker started worker=/), "\(journal.errors)")
    #expect(try await Command.run(["worker", "--once", "--log-format", "xml"], in: folder).status == 2)
  }

  @Test("standard error is the journal when systemd names just that stream")
  func journalStream() async throws {
    let folder = try Folder()
    let line = """
      exec 2>err; export JOURNAL_STREAM=$(stat -L -c %d:%i err); rundown worker --once; \
      JOURNAL_STREAM=1:1 rundown worker --once
      """
    #expect(try await Command.shell(line, in: folder).status == 0)
    let text = try folder.text("err")
    #expect(text.split(separator: "\n").count { $0.hasPrefix("<6>worker started") } == 1, "\(text)")
    #expect(text.split(separator: "\n").count { $0.contains(" info worker started") } == 1, "\(text)")
  }

  @Test("wait says at once that it waits for a scheduled job, and until when")
  func scheduled() async throws {
    let folder = try Folder()
    #expect(try await Command.run(Self.entry + ["one", "--in", "2h"], in: folder).status == 0)
    let waiting = try Command.start(["wait"], in: folder)
    try await eventually { waiting.errors.contains(/waiting for job 1, which is scheduled for .*Z \(in 1h59m\)/) }
    waiting.signal(SIGINT)
    #expect(try await waiting.end().status == 130)
  }

  @Test("a worker that ends by itself says what it did and how to go on, to programs as facts")
  func summary() async throws {
    let folder = try Folder()
    let idle = try await Command.run(["worker", "--once"], in: folder)
    #expect(idle.errors.contains("no job was ready\nnext: rundown status\n"), "\(idle.errors)")
    #expect(try await Command.run(Self.entry + ["one"], in: folder).status == 0)
    #expect(try await Command.run(Self.entry + ["two", "--in", "2h"], in: folder).status == 0)
    let ended = try await Command.run(["worker", "--once"], in: folder)
    // The configuration has no such engine.
    #expect(ended.status == 3)
    #expect(ended.errors.contains("1 job held; 1 scheduled left\n"), "\(ended.errors)")
    let json = try await Command.run(["worker", "--once", "--log-format", "json"], in: folder)
    #expect(
      json.errors.contains(#""message":"done""#) && json.errors.contains(#""scheduled-left":"1""#), "\(json.errors)")
    #expect(!json.errors.contains("next: "))
  }
}
