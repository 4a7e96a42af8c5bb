import JobQueue
import SQLiteJobStore
import Testing

@testable import rundown

@Suite("Errors of the command line", .timeLimit(.minutes(20)))
struct ErrorTests {
  /// A wrong command line, and the whole of what it is answered with.
  struct Case: Sendable, CustomTestStringConvertible {
    var words: [String]
    var status: Int32 = 2
    var told: String
    var testDescription: String { words.joined(separator: " ") }
  }

  private static let target = EnqueueTests.target
  private static let upload = [
    "enqueue", "upload-recording", "--connection", "media", "--file", "/a.mp4", "--bucket", "EU", "--key", "a.mp4",
  ]

  static let cases: [Case] = [
    Case(
      words: upload + ["--part-size", "7"],
      told: """
        warning[RD0214]: file: /a.mp4: No such file or directory
         --> --file
         = help: correct the path, or put the file there before the job runs; the worker must be able to see it
         = more: rundown explain RD0214

        error[RD0205]: bucket: a bucket name has 3 to 255 characters; this one has 2
         --> --bucket
         = help: see: rundown enqueue upload-recording --help
         = more: rundown explain RD0205

        error[RD0205]: partSize: 7 is not between 16 and 5120 MiB
         --> --part-size
         = help: see: rundown enqueue upload-recording --help
         = more: rundown explain RD0205
        """),
    Case(
      words: [
        "enqueue", "create-bucket-config", "--connection", "media", "--bucket", "eu-live", "--region", "the middle",
      ],
      told: """
        error[RD0205]: region: 'the middle' is not a valid region name
         --> --region
         = help: such as eu-central-1
         = more: rundown explain RD0205
        """),
    Case(
      words: target + ["--run-at", "tomorrow"],
      told: """
        error[RD0204]: 'tomorrow' is not a valid time
         --> --run-at
         = help: write '2026-12-05 20:15' (local time), 2026-12-05T20:15:00+01:00, or +10m for ten minutes from now
         = more: rundown explain RD0204
        """),
    Case(
      words: target + ["--max-attempts", "0"],
      told: """
        error[RD0303]: 0 is not at least 1
         --> --max-attempts
         = help: leave it out to use the kind's default
         = more: rundown explain RD0303
        """),
    Case(
      words: target + ["--in", "soon"],
      told: """
        error[RD0302]: 'soon' is not a valid duration
         --> --in
         = help: write 90s, 10m, 2h or 7d
         = more: rundown explain RD0302
        """),
    Case(
      words: target + ["--after", "9"], status: 7,
      told: """
        error[no-such-parent]: enqueue after job 9: no such job
         --> --after
         = help: enqueue that job first, or correct the number
         = more: rundown explain no-such-parent
        """),
    Case(
      words: ["worker", "--queues", "enginez"],
      told: """
        error[RD0304]: unknown queue 'enginez'
         --> --queues
         = help: did you mean 'engines'?
         = more: rundown explain RD0304
        """),
    Case(
      words: ["worker", "--concurrency", "0"],
      told: """
        error[RD0303]: 0 is not between 1 and 1000
         --> --concurrency
         = help: leave it out to use the configuration's number
         = more: rundown explain RD0303
        """),
    Case(
      words: ["wait", "1", "--timeout", "50ms"], status: 124,
      told: """
        0 of 1 completed
        error[wait-timeout]: time is up: 0 of 1 completed
         --> --timeout
         = help: the jobs continue; check on them with: rundown status
         = more: rundown explain wait-timeout
        """),
    Case(
      words: ["jobs", "cancel"],
      told: """
        error[RD0306]: no jobs selected to cancel
         = help: give their numbers, or filters such as --state dead
         = more: rundown explain RD0306
        """),
    Case(
      words: ["status", "--jsn"],
      told: """
        error[RD0301]: unknown option '--jsn'
         --> --jsn
         = help: did you mean '--json'?
         = more: rundown explain RD0301
        """),
    Case(
      words: ["enqueue", "create-map-entry", "--engin", "fra1", "--application", "live"],
      told: """
        error[RD0301]: unknown option '--engin'
         --> --engin
         = help: did you mean '--engine'?
         = more: rundown explain RD0301
        """),
    Case(
      words: ["jobs", "list", "--state", "ded"],
      told: """
        error[RD0301]: 'ded' is not a valid value for --state
         --> --state
         = help: did you mean 'dead'?
         = more: rundown explain RD0301
        """),
    Case(
      words: ["jobs", "list", "--kind", "restream-aset"],
      told: """
        error[RD0202]: unknown job kind 'restream-aset'
         --> --kind
         = help: did you mean 'restream-asset'?
         = more: rundown explain RD0202
        """),
    Case(
      words: ["wait", "--queue", "uplods"],
      told: """
        error[RD0304]: unknown queue 'uplods'
         --> --queue
         = help: did you mean 'uploads'?
         = more: rundown explain RD0304
        """),
  ]

  @Test("have a code, the place, the cause and the way out", arguments: cases)
  func form(of wrong: Case) async throws {
    let folder = try Folder()
    let store = try await SQLiteJobStore.open(at: folder.database)
    _ = try await store.enqueue([NewJob(kind: "restream-asset")], at: SystemClock().now())
    await store.close()
    let ended = try await Command.run(wrong.words, in: folder)
    #expect(ended.status == wrong.status)
    #expect(ended.output == "")
    #expect(ended.errors == wrong.told + "\n")
  }

  @Test(
    "of a word or an option that does not exist say which does",
    arguments: [
      (["rewind"], "unknown command 'rundown rewind'", "commands: enqueue, plan, apply"),
      (["rewind", "x.db"], "unknown command 'rundown rewind'", "commands: enqueue, plan, apply"),
      (["statsu"], "unknown command 'rundown statsu'", "did you mean 'rundown status'?"),
      (["retry", "12"], "unknown command 'rundown retry'", "did you mean 'rundown jobs retry'?"),
      (["jobs", "12"], "unknown command 'rundown jobs 12'", "did you mean 'rundown jobs show 12'?"),
      (["gates", "shut", "x"], "unknown command 'rundown gates shut'", "commands: list, close, open"),
      (["--json", "status"], "unknown option '--json'", "options come after the command: rundown status --json"),
      (
        ["jobs", "--database", "x.db", "list"], "'--database' comes before the command 'list'",
        "options come after the command: rundown jobs list --database"
      ),
      (["enqueue"], "missing argument <file>", "see: rundown enqueue --help"),
      (["jobs", "show"], "missing argument <id>", "see: rundown jobs show --help"),
      (["gates", "close", "engine:fra1"], "--reason is required", "see: rundown gates close --help"),
      (["status", "--database"], "--database needs a value", "see: rundown status --help"),
      (["backup", "a.db", "b.db"], "unexpected argument 'b.db'", "see: rundown backup --help"),
      (["enqueue", "--engine", "fra1"], "unknown option '--engine'", "rundown enqueue create-map-entry --engine"),
      (["enqueue", "restream-asset", "--conn", "main"], "unknown option '--conn'", "did you mean '--connection'?"),
      (
        ["enqueue", "restream-asset", "-connection", "m"], "unknown option '-connection'",
        "did you mean '--connection'?"
      ),
      (["enqueue", "jobs.yaml", "--chek"], "unknown option '--chek'", "did you mean '--check'?"),
      (["jobs", "retry", "1", "--force"], "unknown option '--force'", "see: rundown jobs retry --help"),
      (["wait", "--for", "complete"], "'complete' is not a valid value for --for", "did you mean 'completed'?"),
      (["jobs", "list", "-o", "cvs"], "'cvs' is not a valid value for -o", "did you mean 'csv'?"),
      (["jobs", "list", "-l", "event:cup"], "'event:cup' is not a valid value for -l", "name=value"),
      (["jobs", "retry", "--kind", "uplod-recording", "-y"], "unknown job kind", "did you mean 'upload-recording'?"),
    ])
  func meant(words: [String], message: String, help: String) async throws {
    let folder = try Folder()
    let store = try await SQLiteJobStore.open(at: folder.database)
    await store.close()
    let ended = try await Command.run(words, in: folder)
    #expect(ended.status == 2 && ended.output == "")
    #expect(ended.errors.contains("]: \(message)"), "\(ended.errors)")
    #expect(ended.errors.contains(" = help: ") && ended.errors.contains(help), "\(ended.errors)")
    #expect(ended.errors.ranges(of: "error[").count == 1, "\(ended.errors)")
  }

  @Test("are not made of the kinds and queues that another program's jobs have")
  func foreignKinds() async throws {
    let folder = try Folder()
    let store = try await SQLiteJobStore.open(at: folder.database)
    _ = try await store.enqueue([NewJob(kind: "bake", queue: "oven")], at: SystemClock().now())
    await store.close()
    for words in [["--kind", "bake"], ["--queue", "oven"]] {
      #expect(try await Command.run(["jobs", "list", "-o", "name"] + words, in: folder).output == "1\n")
    }
  }

  @Test("of every wrong command line have a code, also where the parser of the command line finds them")
  func parsing() async throws {
    let folder = try Folder()
    for words in [
      ["enqueue", "restream-asset", "--asset-id", "x"], ["enqueue", "restream-asset", "--conection", "main"],
      ["enqueue", "create-map-enrty", "--engine", "fra1"], Self.target + ["--label", "cup"], ["statsu"], ["enqueue"],
      ["jobs", "show", "first"], ["wait", "--for", "ever"],
    ] {
      let ended = try await Command.run(words, in: folder)
      #expect(ended.status == 2)
      #expect(ended.errors.hasPrefix("error[RD0301]: "), "\(words): \(ended.errors)")
      #expect(ended.errors.hasSuffix(" = more: rundown explain RD0301\n"), "\(words): \(ended.errors)")
    }
  }
}
