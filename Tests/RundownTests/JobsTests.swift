import Glibc
import JobQueue
import SQLiteJobStore
import Testing

@Suite("rundown status, jobs and wait", .timeLimit(.minutes(20)))
struct JobsTests {
  struct Listed: Decodable {
    struct Job: Decodable {
      var id: Int
      var state: String
      var kind: String
      var queue: String
      var labels: [String: String]
      var parameters: [String: String]
      var attempts: Int
      var failures: Int
      var failure: Failure?
    }
    var apiVersion: String
    var jobs: [Job]
  }

  /// A folder whose queue holds a dead restream 1, a scheduled restream 2 and a ready restream 3.
  private func given() async throws -> Folder {
    let folder = try Folder()
    let store = try await SQLiteJobStore.open(at: folder.database)
    func restream(_ asset: String) -> NewJob {
      NewJob(
        kind: "restream-asset", queue: "wowza-video", payload: #"{"assetID":"\#(asset)","connection":"main"}"#,
        uniqueKey: "restream:main:id:\(asset)", labels: ["asset": asset])
    }
    let now = SystemClock().now()
    _ = try await store.enqueue([restream("dead")], at: now)
    let leased = try await store.lease(
      LeaseRequest(owner: WorkerID("tests"), limits: [.init(queue: "wowza-video", count: 1)]), at: now)
    _ = try await store.complete(
      leased.map {
        Completion(
          lease: $0.lease,
          outcome: .dead(
            Failure(code: "ERR-404-RecordNotFound", message: "no asset\u{1B}[2J here", hint: "look", requestID: "r-1")))
      }, at: now)
    var later = restream("later")
    later.runAt = now + .seconds(3600)
    _ = try await store.enqueue([later, restream("ready")], at: now)
    await store.close()
    return folder
  }

  @Test("a list says what each job is and why; --json is one object with its version")
  func list() async throws {
    let folder = try await given()
    let table = try await Command.run(["jobs", "list"], in: folder)
    #expect(table.status == 0)
    let lines = table.output.split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[0].hasPrefix("ID  STATE"))
    #expect(lines[3].contains("dead") && lines[3].contains("ERR-404-RecordNotFound"))
    #expect(!table.output.contains("\u{1B}"), "foreign text must not steer a terminal")
    let listed = try await Command.run(["jobs", "list", "--json"], in: folder).json(Listed.self)
    #expect(listed.apiVersion == "rundown/v1")
    #expect(listed.jobs.map(\.id) == [3, 2, 1])
    #expect(listed.jobs.map(\.state) == ["ready", "scheduled", "dead"])
    #expect(listed.jobs.last?.parameters == ["assetID": "dead", "connection": "main"])
    #expect(listed.jobs.last?.failure?.requestID == "r-1")
  }

  @Test(
    "filters choose",
    arguments: [
      (["--state", "dead"], "1\n"), (["--state", "dead", "--state", "ready"], "3\n1\n"),
      (["--kind", "upload-recording"], ""), (["--queue", "wowza-video"], "3\n2\n1\n"), (["-l", "asset=later"], "2\n"),
      (["--error", "ERR-404-RecordNotFound"], "1\n"), (["--argument", "ready"], "3\n"),
      (["--since", "1h"], "3\n2\n1\n"),
      (["--limit", "1"], "3\n"), (["--before", "3"], "2\n1\n"),
    ])
  func filters(arguments: [String], ids: String) async throws {
    let ended = try await Command.run(["jobs", "list", "-o", "name"] + arguments, in: try await given())
    #expect(ended.status == 0)
    #expect(ended.output == ids)
  }

  @Test("CSV quotes what needs it, JSON lines have one job each")
  func formats() async throws {
    let folder = try await given()
    let csv = try await Command.run(["jobs", "list", "-o", "csv", "--state", "dead"], in: folder).output
    #expect(csv.hasPrefix("id,state,kind,queue,attempts,subject,why\n1,dead,restream-asset,wowza-video,1,"))
    let lines = try await Command.run(["jobs", "list", "-o", "jsonl"], in: folder).output.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines.allSatisfy { $0.hasPrefix("{") && $0.hasSuffix("}") })
  }

  @Test("the history of a job shows its parameters, each attempt, and what to do")
  func show() async throws {
    let folder = try await given()
    let story = try await Command.run(["jobs", "show", "1"], in: folder)
    #expect(story.status == 0)
    for words in [
      "job 1  restream-asset  dead", "asked     assetID     dead", "asset=dead", "attempt 1", "tests",
      "failed: ERR-404-RecordNotFound", "request: r-1", "help: look", "rundown jobs retry 1",
    ] {
      #expect(story.output.contains(words), "\(words) is missing in:\n\(story.output)")
    }
    #expect(!story.output.contains("\u{1B}"))
    let unknown = try await Command.run(["jobs", "show", "99"], in: folder)
    #expect(unknown.status == 7)
    #expect(unknown.errors.contains("error[no-such-job]: no such job: 99"))
  }

  @Test(
    "jobs given by number are changed at once; a filter needs --yes without a terminal; unknown numbers are reported")
  func change() async throws {
    let folder = try await given()
    let unasked = try await Command.run(["jobs", "retry", "--state", "dead"], in: folder)
    #expect(unasked.status == 2)
    #expect(unasked.errors.contains("retry would change 1 job\n"))
    #expect(try await Command.run(["jobs", "retry", "--state", "dead", "--yes"], in: folder).output == "1 ready\n")
    let partly = try await Command.run(["jobs", "cancel", "3", "77", "1"], in: folder)
    #expect(partly.status == 3)
    #expect(partly.output == "1 cancelled\n3 cancelled\n")
    #expect(partly.errors.contains("77"))
    #expect(try await Command.run(["jobs", "cancel", "77"], in: folder).status == 7)
    #expect(try await Command.run(["jobs", "cancel"], in: folder).status == 2)
  }

  @Test("--json gives the numbers of what was changed as numbers, and unknown ones end it with 3 all the same")
  func changeAsJSON() async throws {
    struct Changed: Decodable {
      struct Job: Decodable, Equatable {
        var id: Int
        var state: String
      }
      var jobs: [Job]
    }
    let folder = try await given()
    for (verb, state) in [("cancel", "cancelled"), ("retry", "ready")] {
      let partly = try await Command.run(["jobs", verb, "77", "3", "--json"], in: folder)
      #expect(partly.status == 3)
      #expect(try partly.json(Changed.self).jobs == [.init(id: 3, state: state)])
      #expect(partly.errors.contains("77"))
    }
  }

  @Test("a second unfinished job of the same effect keeps a dead one from being retried")
  func conflict() async throws {
    let folder = try await given()
    let again = ["enqueue", "restream-asset", "--connection", "main", "--asset-id", "dead"]
    #expect(try await Command.run(again, in: folder).output == "4\n")
    let retried = try await Command.run(["jobs", "retry", "1"], in: folder)
    #expect(retried.status == 1)
    #expect(retried.errors.contains("error[unique-conflict]"))
  }

  @Test("wait ends with 124 when time runs out, 1 when a job is dead, 0 when all is done, 7 when nothing matches")
  func wait() async throws {
    let folder = try await given()
    let late = try await Command.run(["wait", "2", "--timeout", "50ms"], in: folder)
    #expect(late.status == 124)
    #expect(late.errors.contains("0 of 1 completed"))
    let dead = try await Command.run(["wait", "1"], in: folder)
    #expect(dead.status == 1)
    #expect(dead.errors.contains("rundown jobs show 1 says why"))
    #expect(try await Command.run(["wait", "1", "--for", "dead"], in: folder).status == 0)
    #expect(try await Command.run(["wait", "-l", "asset=none"], in: folder).status == 7)
  }

  @Test("wait ends when a job far above is cancelled or given up, and says which jobs are stuck", arguments: [1, 3])
  func waitForStuck(parent: Int) async throws {
    let folder = try await given()
    var above = parent
    for asset in ["b", "c", "d"] {
      let child = ["enqueue", "restream-asset", "--connection", "main", "--asset-id", asset, "--after", "\(above)"]
      above = try #require(Int(try await Command.run(child, in: folder).output.dropLast()))
    }
    // Job 1 is dead already.
    if parent == 3 { #expect(try await Command.run(["jobs", "cancel", "3"], in: folder).status == 0) }
    let ended = try await Command.run(["wait", "4", "5", "6"], in: folder)
    #expect(ended.status == 1)
    #expect(ended.errors.contains("3 will not be completed: 4, 5, 6"), "\(ended.errors)")
    let released = try await Command.run(["jobs", "retry", "\(parent)"], in: folder)
    #expect(released.status == 0)
    #expect(try await Command.run(["wait", "6", "--timeout", "50ms"], in: folder).status == 124)
  }

  @Test("wait ends when a job above is held: like a held job itself, its children go on only when a person acts")
  func waitForHeld() async throws {
    let folder = try await given()
    let child = ["enqueue", "restream-asset", "--connection", "main", "--asset-id", "b", "--after", "3"]
    #expect(try await Command.run(child, in: folder).output == "4\n")
    let store = try await SQLiteJobStore.open(at: folder.database)
    let now = SystemClock().now()
    let leased = try await store.lease(
      LeaseRequest(owner: WorkerID("tests"), limits: [.init(queue: "wowza-video", count: 1)]), at: now)
    _ = try await store.complete(leased.map { Completion(lease: $0.lease, outcome: .hold(why: "wait")) }, at: now)
    await store.close()
    let ended = try await Command.run(["wait", "4", "3"], in: folder)
    #expect(ended.status == 1)
    #expect(ended.errors.contains("2 will not be completed: 3, 4"), "\(ended.errors)")
  }

  @Test("an interrupted wait says that the jobs go on, and ends with 130")
  func interrupted() async throws {
    let folder = try await given()
    let waiting = try Command.start(["wait", "2"], in: folder)
    try await eventually { waiting.errors.contains("0 of 1 completed") }
    waiting.signal(SIGINT)
    let ended = try await waiting.end()
    #expect(ended.status == 130)
    #expect(ended.errors.contains("the jobs continue"))
  }

  @Test("status counts by queue and state, and says when nothing works")
  func status() async throws {
    struct Status: Decodable {
      struct Inner: Decodable {
        var queues: [String: [String: Int]]
        var workers: [String]
        var nextDue: String?
      }
      var apiVersion: String
      var status: Inner
    }
    let folder = try await given()
    let text = try await Command.run(["status"], in: folder)
    #expect(text.status == 0)
    #expect(text.output.contains("1 job is ready, and no worker is running: start one with rundown worker\n"))
    #expect(text.output.contains("rundown jobs list --state dead"))
    let status = try await Command.run(["status", "--json"], in: folder).json(Status.self).status
    #expect(status.queues == ["wowza-video": ["dead": 1, "ready": 1, "scheduled": 1]])
    #expect(status.nextDue?.hasSuffix("Z") == true)
  }

  @Test("off a terminal there are no colours unless FORCE_COLOR asks; NO_COLOR and --no-color win")
  func colours() async throws {
    let folder = try await given()
    func coloured(_ environment: [String: String], _ arguments: [String] = []) async throws -> Bool {
      try await Command.run(["status"] + arguments, in: folder, environment: environment).output.contains("\u{1B}[")
    }
    #expect(try await !coloured([:]))
    #expect(try await coloured(["FORCE_COLOR": "1"]))
    #expect(try await !coloured(["FORCE_COLOR": "1", "NO_COLOR": "1"]))
    #expect(try await !coloured(["FORCE_COLOR": "1"], ["--no-color"]))
  }

  @Test("an empty reason is refused, and nothing is changed", arguments: ["cancel", "discard"])
  func emptyReason(verb: String) async throws {
    let folder = try Folder()
    #expect(try await Command.run(EnqueueTests.target, in: folder).status == 0)
    let ended = try await Command.run(["jobs", verb, "1", "--reason", "  "], in: folder)
    #expect(ended.status == 2 && ended.errors.contains("the reason is empty"), "\(ended.errors)")
    #expect(try await Command.run(["audit"], in: folder).output == "")
  }

  @Test("an unknown column is refused with the nearest name and all names, in lines of at most 80 characters")
  func columns() async throws {
    let folder = try Folder()
    #expect(try await Command.run(EnqueueTests.target, in: folder).status == 0)
    let ended = try await Command.run(["jobs", "list", "--columns", "id,nonsense"], in: folder)
    #expect(ended.status == 2)
    for words in ["unknown column 'nonsense'", "every job has id, state", "playbackURL", "sourceStream", "label.NAME"] {
      #expect(ended.errors.contains(words), "\(words) in \(ended.errors)")
    }
    #expect(ended.errors.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(ended.errors)")
    // A name of a result and a parameter is listed once.
    #expect(ended.errors.split(whereSeparator: \.isWhitespace).count { $0 == "region," } == 1, "\(ended.errors)")
    let near = try await Command.run(["jobs", "list", "--columns", "playbackUrls"], in: folder)
    #expect(near.status == 2 && near.errors.contains("help: did you mean 'playbackURL'?"), "\(near.errors)")
  }
}

/// Looks again and again until something holds; gives up after five minutes, which only a hang takes.
func eventually(_ holds: () async throws -> Bool) async throws {
  let clock = ContinuousClock()
  let deadline = clock.now + .seconds(300)
  while try await !holds() {
    guard clock.now < deadline else { throw NeverHeld() }
    try await clock.sleep(for: .milliseconds(20))
  }
}

struct NeverHeld: Error {}
