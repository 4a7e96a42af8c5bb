import FoundationEssentials
import Glibc
import JobQueue
import SQLiteJobStore
import Testing

@testable import rundown

@Suite("The morning after: what stopped, why, and putting it aside", .timeLimit(.minutes(20)))
struct MorningTests {
  /// A folder whose queue holds dead jobs 1 to 3, of which the first died two days ago, a held job 4, scheduled jobs 5 and 6,
  /// of which the first runs first, and a completed job 7 with a result.
  private func given() async throws -> Folder {
    let folder = try Folder()
    let store = try await SQLiteJobStore.open(at: folder.database)
    let now = SystemClock().now()
    let denied = Failure(
      code: "AccessDenied", message: "PutObject example/a.mp4: 403 Access Denied", hint: "give the user s3:PutObject")
    let ends: [(Outcome, Duration)] = [
      (.dead(denied), .seconds(2 * 86_400)), (.dead(denied), .seconds(3600)), (.dead(denied), .seconds(1800)),
      (.hold(why: "look at both targets"), .seconds(900)),
    ]
    for (number, (outcome, age)) in ends.enumerated() {
      try await end(store, "stopped-\(number)", outcome, at: now - age)
    }
    for (name, wait) in [("soon", 3600), ("late", 7200)] {
      _ = try await store.enqueue(
        [
          NewJob(
            kind: "restream-asset", queue: "wowza-video", payload: #"{"assetID":"\#(name)","connection":"main"}"#,
            uniqueKey: "restream:main:id:\(name)", runAt: now + .seconds(wait))
        ], at: now)
    }
    let output = #"{"liveStreamID":"ls-1","playbackURL":"https://example.com/live.m3u8"}"#
    try await end(store, "good", .done(output: output), at: now)
    await store.close()
    return folder
  }

  private func end(_ store: SQLiteJobStore, _ name: String, _ outcome: Outcome, at moment: Timestamp) async throws {
    _ = try await store.enqueue(
      [
        NewJob(
          kind: "upload-recording", queue: "uploads", payload: #"{"bucket":"example","key":"\#(name).mp4"}"#,
          uniqueKey: "object:media:\(name)")
      ], at: moment)
    let leased = try await store.lease(
      LeaseRequest(owner: WorkerID("tests"), limits: [.init(queue: "uploads", count: 1)]), at: moment)
    _ = try await store.complete(leased.map { Completion(lease: $0.lease, outcome: outcome) }, at: moment)
  }

  @Test(
    "filters go by when jobs stopped and finished, and take several states at once",
    arguments: [
      (["--state", "dead,held", "--failed-since", "12h"], "4\n3\n2\n"), (["--failed-since", "7d"], "4\n3\n2\n1\n"),
      (["--state", "dead", "--failed-since", "45m"], "3\n"), (["--finished-since", "45m"], "7\n3\n"),
      (["--state", "scheduled"], "5\n6\n"), (["--state", "scheduled", "--before", "9"], "6\n5\n"),
      (["--state", "dead, held"], "4\n3\n2\n1\n"),
    ])
  func filters(arguments: [String], ids: String) async throws {
    let ended = try await Command.run(["jobs", "list", "-o", "name"] + arguments, in: try await given())
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(ended.output == ids)
  }

  @Test("an unknown state is refused with the one that was probably meant")
  func noState() async throws {
    let ended = try await Command.run(["jobs", "list", "--state", "dead,hold"], in: try Folder())
    #expect(ended.status == 2)
    #expect(ended.errors.contains("did you mean 'held'?"), "\(ended.errors)")
  }

  @Test("by code: how many, of what, since when and what to do; the same as JSON")
  func causes() async throws {
    struct Causes: Decodable {
      struct Cause: Decodable {
        var count: Int
        var state: String
        var code: String?
        var operation: String?
        var fix: String?
        var jobs: [Int]
      }
      var causes: [Cause]
    }
    let folder = try await given()
    let arguments = ["jobs", "list", "--failed-since", "12h", "--by", "code"]
    let text = try await Command.run(arguments + ["--utc"], in: folder)
    #expect(text.status == 0, "\(text.errors)")
    #expect(text.output.hasPrefix("2 x AccessDenied on PutObject, dead, first "), "\(text.output)")
    #expect(text.output.contains("  fix: give the user s3:PutObject\n"))
    #expect(text.output.contains("  upload-recording: 3 2\n"))
    let causes = try await Command.run(arguments + ["--json"], in: folder).json(Causes.self).causes
    #expect(causes.map(\.count) == [2, 1] && causes.map(\.state) == ["dead", "held"])
    #expect(causes[0].operation == "PutObject" && causes[0].jobs == [3, 2] && causes[0].fix != nil)
    #expect(try await Command.run(arguments + ["-o", "csv"], in: folder).status == 2)
  }

  @Test("a discarded job is cancelled, says by whom, is gone from the report, and can be retried")
  func discard() async throws {
    let folder = try await given()
    let unasked = try await Command.run(["jobs", "discard", "--state", "dead"], in: folder)
    #expect(unasked.status == 2 && unasked.errors.contains("discard would change 3 jobs"))
    let discarded = try await Command.run(["jobs", "discard", "--state", "dead,held", "--yes"], in: folder)
    #expect(discarded.status == 0, "\(discarded.errors)")
    #expect(discarded.output == "1 cancelled\n2 cancelled\n3 cancelled\n4 cancelled\n")
    let story = try await Command.run(["jobs", "show", "2"], in: folder).output
    #expect(story.hasSuffix("discarded by an operator\n") && story.contains("AccessDenied"), "\(story)")
    let left = try await Command.run(["jobs", "list", "--by", "code"], in: folder)
    #expect(left.output.isEmpty && left.errors.contains("no job matches"))
    #expect(try await Command.run(["audit"], in: folder).output.contains("discard"))
    let unchanged = try await Command.run(["jobs", "discard", "7", "5"], in: folder)
    #expect(unchanged.status == 1 && unchanged.output == "5 scheduled\n7 completed\n")
    #expect(unchanged.errors.contains("error[wrong-state]: nothing was discarded"), "\(unchanged.errors)")
    #expect(unchanged.errors.contains("job 5 is scheduled; nothing was changed"), "\(unchanged.errors)")
    let partly = try await Command.run(["jobs", "discard", "1", "5"], in: folder)
    #expect(partly.status == 3 && partly.output == "1 cancelled\n5 scheduled\n")
    #expect(partly.errors.contains("1 of 2 jobs was not discarded"), "\(partly.errors)")
    let repeated = try await Command.run(["jobs", "discard", "1"], in: folder)
    #expect(repeated.status == 0 && repeated.errors.contains("job 1 is already cancelled"), "\(repeated.errors)")
    #expect(try await Command.run(["jobs", "retry", "2"], in: folder).output == "2 ready\n")
  }

  @Test("a discard by filter that matches no dead or held job fails; one that discards some of the matches does not")
  func discardByFilter() async throws {
    let folder = try await given()
    let none = try await Command.run(["jobs", "discard", "--state", "completed", "--yes"], in: folder)
    #expect(none.status == 1 && none.errors.contains("error[wrong-state]: nothing was discarded"), "\(none.errors)")
    let some = try await Command.run(["jobs", "discard", "--state", "completed,dead", "--yes"], in: folder)
    #expect(some.status == 0 && some.output.contains("1 cancelled\n"), "\(some.output)\(some.errors)")
  }

  @Test("cancelling a job that is over says so")
  func cancelFinished() async throws {
    let folder = try await given()
    let ended = try await Command.run(["jobs", "cancel", "7", "5"], in: folder)
    #expect(ended.status == 0 && ended.output == "5 cancelled\n7 completed\n")
    #expect(ended.errors.contains("job 7 is already completed; nothing was changed"))
    #expect(!ended.errors.contains("job 5"))
  }

  @Test(
    "columns show results of jobs, in a table and in CSV; an unknown column is refused with the nearest one")
  func columns() async throws {
    let folder = try await given()
    let chosen = ["--state", "completed", "--columns", "id,playbackURL,liveStreamID,bucket,key,finishedAt"]
    let csv = try await Command.run(["jobs", "list", "-o", "csv"] + chosen, in: folder, environment: ["TZ": "XYZ-5"])
    #expect(csv.status == 0, "\(csv.errors)")
    let lines = csv.output.split(separator: "\n")
    #expect(lines.first == "id,playbackURL,liveStreamID,bucket,key,finishedAt")
    #expect(lines.last?.hasPrefix("7,https://example.com/live.m3u8,ls-1,example,good.mp4,20") == true)
    #expect(lines.last?.hasSuffix("Z") == true, "\(csv.output)")
    let table = try await Command.run(["jobs", "list"] + chosen, in: folder).output
    #expect(table.contains("PLAYBACKURL") && table.contains("https://example.com/live.m3u8"))
    let wrong = try await Command.run(["jobs", "list", "--columns", "playbackURI"], in: folder)
    #expect(wrong.status == 2 && wrong.errors.contains("did you mean 'playbackURL'?"), "\(wrong.errors)")
    #expect(try await Command.run(["jobs", "list", "--columns", "id", "--json"], in: folder).status == 2)
  }

  @Test("times are local with their zone; --utc, JSON and CSV are in UTC")
  func zones() async throws {
    let folder = try await given()
    let zone = ["TZ": "XYZ-5"]
    func run(_ arguments: [String]) async throws -> String {
      let ended = try await Command.run(arguments, in: folder, environment: zone)
      #expect(ended.status == 0, "\(ended.errors)")
      return ended.output
    }
    for command in [["jobs", "list", "--state", "scheduled"], ["jobs", "show", "5"], ["status"]] {
      let local = try await run(command)
      #expect(local.contains(/[0-9]{2}:[0-9]{2}:[0-9]{2} XYZ/), "\(local)")
      let utc = try await run(command + ["--utc"])
      #expect(utc.contains(/[0-9]{2}:[0-9]{2}:[0-9]{2}Z/) && !utc.contains("XYZ"), "\(utc)")
      #expect(try await !run(command + ["--json"]).contains("XYZ"))
    }
    let unknown = try await Command.run(["jobs", "show", "5"], in: folder, environment: ["TZ": "No/Such_Zone"])
    #expect(unknown.status == 0)
  }

  @Test("a story that is longer than the terminal goes through the pager; without one it is printed")
  func pager() async throws {
    let folder = try await given()
    for (rows, pager, isPaged) in [
      (5, "sed s/^/page:/", true), (200, "sed s/^/page:/", false), (5, "no-such-pager", false),
    ] {
      let line = "stty cols 80 rows \(rows); TERM=dumb PAGER=\"\(pager)\" rundown jobs show 2"
      let ended = try await Command.shell("script -qec '\(line)' /dev/null </dev/null", in: folder)
      #expect(ended.output.contains("page:") == isPaged, "\(rows) \(pager): \(ended.output)")
      #expect(ended.output.contains("AccessDenied"), "\(rows) \(pager): \(ended.output)")
    }
  }

  @Test("a terminal of 80 columns gets no line that is longer", arguments: [80, 120])
  func terminal(columns: Int) async throws {
    let folder = try await given()
    _ = try await Command.run(
      ["gates", "close", "aws:media", "--reason", String(repeating: "the account is being moved ", count: 6)],
      in: folder)
    for command in [
      "status", "jobs list", "gates list", "jobs list --by code", "jobs show 2", "audit", "explain http-503",
      "explain missing-log", "config show --origin",
    ] {
      // `script` gives the command a terminal.
      let line = "stty cols \(columns) rows 24; TERM=dumb PAGER=cat rundown \(command)"
      let ended = try await Command.shell("script -qec '\(line)' /dev/null </dev/null", in: folder)
      let lines = ended.output.split(whereSeparator: \.isNewline)
      #expect(lines.count > 1, "\(command): \(ended.output) \(ended.errors)")
      for line in lines { #expect(line.count <= columns, "\(command): \(line)") }
    }
  }
}
