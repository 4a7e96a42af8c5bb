import ArgumentParser
import JobQueue
import JobWorker
import Manifests
import Presentation
import Settings
import StreamingJobs
import Wire

/// `rundown schedule add`.
struct ScheduleAdd: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Schedule a job of any kind, and what ends it.",
    usage: "rundown schedule add <name> --zone <zone> [<options>] -- <kind> …",
    discussion: """
      EXAMPLES:
        rundown schedule add final --zone Europe/Berlin --at 2026-12-05T20:15 \\
          --lead 10m --stop-after 2h \\
          -- restream-asset --connection main --asset-id paprtlx9
        rundown schedule add evening --zone America/New_York \\
          --cron "30 18 * * MON-FRI" --stop-after 45m \\
          -- enable-map-entry --engine fra1 --application live --entry-name cam-01-s3

      The options of the schedule come before --, the kind of job and its parameters
      after it, as in: rundown enqueue KIND --help. Times are those of a clock in the
      zone; docs/learn/schedules-time.md says what happens when clocks change.
      """)

  @Argument(help: "The schedule's name.")
  var name: String

  @Option(help: "The IANA time zone of its times, such as Europe/Berlin.")
  var zone: String

  @Option(help: "A time: 2026-12-05T20:15 (repeatable).")
  var at: [String] = []

  @Option(help: "Five fields of cron: minute, hour, day of month, month, day of week.")
  var cron: String?

  @Option(help: "A date on which nothing happens: 2026-12-24 (repeatable).")
  var exclude: [String] = []

  @Option(help: "Begin so long before the time, so that it is on air by then: 10m.")
  var lead: String?

  @Option(help: "End what was started so long after the planned time: 2h.")
  var stopAfter: String?

  @Flag(help: "Let what was started go on for ever.")
  var noStop = false

  @Option(help: "When the one before is not finished: skip, buffer-one (wait), allow.")
  var overlap = "skip"

  @Option(help: "What still starts that nobody could start on time: none, latest, all.")
  var catchUp = "latest"

  @Option(help: "How late one may still start.")
  var window = "15m"

  @Option(help: "Move each time by up to so much, so that not everything starts at once.")
  var jitter: String?

  @Option(help: "Nothing happens before this time.")
  var from: String?

  @Option(help: "Nothing happens after this time.")
  var until: String?

  @Option(help: "How many times it happens in all.")
  var count: Int?

  @Option(name: [.short, .long], help: "A label of its jobs, such as event=cup (repeatable).")
  var label: [NameAndValue] = []

  @OptionGroup var options: GlobalOptions

  @Argument(parsing: .postTerminator, help: "Behind --: the kind of job and its parameters.")
  var job: [String] = []

  func run() async throws {
    let now = SystemClock().now()
    let event = try event(try work(), at: now)
    var schedule = Schedule(
      name: name, zone: zone, events: [event], labels: NameAndValue.dictionary(label), definedAt: now)
    let rules = try rules()
    let settings = try ProcessContext.settings(options)
    guard let next = event.timing.next(after: now, in: rules) else {
      throw CommandError.input(
        "RD0441", "nothing is left to happen: all of its times have passed", flag: at.isEmpty ? "--cron" : "--at",
        help: "rundown schedule next \(name) shows the times of a schedule")
    }
    try await Queue.with(settings, mustExist: false) { store in
      let present = try await ScheduleBook(store).schedule(name)
      if let present, present.removedAt == nil {
        // Past times follow the previous definition.
        _ = try await SchedulePass(store, zone: ScheduleZones.rules).run(at: now)
        schedule.pause = present.pause
      }
      try await store.record([try schedule.write()], at: now)
      _ = try await SchedulePass(store, zone: ScheduleZones.rules).run(at: now)
    }
    if options.json { return try JSONOutput.print("schedule", ScheduleView(schedule, next: next)) }
    let times = options.times(now)
    try Output.line("\(name): next \(ScheduleTable.local(next, rules)), \(times.slot(next))")
    Output.sentence("the times to come: rundown schedule next \(name)")
  }

  private func work() throws -> ScheduledWork {
    guard let word = job.first else {
      throw CommandError.input(
        "RD0301", "no kind of job is given", flag: "KIND",
        help: "add it behind --, such as: -- restream-asset --connection main --asset-id paprtlx9")
    }
    guard let kind = JobKinds.streaming.named(word) else {
      let near = Suggestion.nearest(to: word, among: JobKinds.streaming.all.map(\.kind))
      throw CommandError.input(
        "RD0202", "unknown kind of job '\(word)'", flag: word,
        help: near.map { "did you mean \($0)?" } ?? "rundown enqueue --help lists them")
    }
    return ScheduledWork(kind, try kind.values(of: Array(job.dropFirst())))
  }
}

extension JobKindDescription {
  /// The parameters given by flags.
  fileprivate func values(of flags: [String]) throws -> [String: JSONValue] { try Self.parsed(flags, self.type) }

  private static func parsed<Kind: JobKind>(_ flags: [String], _ kind: Kind.Type) throws -> [String: JSONValue] {
    try KindFlags<Kind>.parse(flags).checkedValues()
  }
}
