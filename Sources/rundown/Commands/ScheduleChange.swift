import ArgumentParser
import JobQueue
import Presentation
import Settings
import Wire

/// `rundown schedule pause`.
struct SchedulePause: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: "Start nothing of a schedule until it is resumed; stops still happen.",
    discussion: """
      EXAMPLES:
        rundown schedule pause evening --reason "studio under repair"
      """)

  @Argument(help: "The schedule's name.") var name: String
  @Option(help: "Why, for whoever looks next.") var reason: String?
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    try ReasonOption.check(reason)
    try await ScheduleChange(name, options).run { $0.pause = Schedule.Pause(since: $1, reason: reason) }
    Output.message("paused; rundown schedule resume \(name) ends that")
  }
}

/// `rundown schedule resume`.
struct ScheduleResume: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Go on with a paused schedule, with the times to come.",
    discussion: """
      EXAMPLES:
        rundown schedule resume evening
      """)

  @Argument(help: "The schedule's name.") var name: String
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    try await ScheduleChange(name, options).run { schedule, _ in schedule.pause = nil }
    Output.message("resumed; the times to come: rundown schedule next \(name)")
  }
}

/// `rundown schedule remove`.
struct ScheduleRemove: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "End a schedule; what it started is still stopped, and its history stays.",
    discussion: """
      EXAMPLES:
        rundown schedule remove evening
      """)

  @Argument(help: "The schedule's name.") var name: String
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    try await ScheduleChange(name, options).run { $0.removedAt = $1 }
    Output.message("removed; its history: rundown schedule list --runs")
  }
}

/// `rundown schedule trigger`.
struct ScheduleTrigger: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trigger", abstract: "Run an event of a schedule now, with the stop that belongs to it.",
    discussion: """
      EXAMPLES:
        rundown schedule trigger final
      """)

  @Argument(help: "The schedule's name.") var name: String
  @Option(help: "The event, where the schedule has several.") var event: String?
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let now = SystemClock().now()
    let occurrence = try await Queue.with(options) { store in
      let schedule = try await ScheduleBook(store).named(name)
      return try await SchedulePass(store, zone: ScheduleZones.rules)
        .trigger(try schedule.meant(event), of: schedule, at: now)
    }
    if options.json { return try JSONOutput.print("occurrence", OccurrenceView(occurrence)) }
    try Output.line(occurrence.key)
    Output.sentence("its jobs: rundown jobs list -l occurrence=\(occurrence.key)")
  }
}

/// `rundown schedule skip`.
struct ScheduleSkip: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "skip", abstract: "Leave out one planned time: the next one, or the one that is named.",
    discussion: """
      EXAMPLES:
        rundown schedule skip evening
        rundown schedule skip evening --at 2026-12-24T18:30 --reason holiday
      """)

  @Argument(help: "The schedule's name.") var name: String
  @Option(help: "The time by the schedule's clock: 2026-12-24T18:30.") var at: String?
  @Option(help: "The event, where the schedule has several.") var event: String?
  @Option(help: "Why, for whoever looks next.") var reason: String?
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    try ReasonOption.check(reason)
    let now = SystemClock().now()
    let skipped = try await Queue.with(options) { store in
      let schedule = try await ScheduleBook(store).named(name)
      let event = try schedule.meant(event)
      let planned = try time(of: event, try ScheduleZones.rules(schedule.zone), now)
      guard
        let skipped = try await SchedulePass(store, zone: ScheduleZones.rules)
          .skip(planned, event, of: schedule, why: reason ?? "skipped by an operator", at: now)
      else {
        throw CommandError(
          status: .conflict, code: "has-begun", message: "that time has begun or is over",
          help: "rundown schedule show \(name) says how it stands")
      }
      return skipped
    }
    if options.json { return try JSONOutput.print("occurrence", OccurrenceView(skipped)) }
    try Output.line("skipped \(skipped.key)")
  }

  private func time(of event: ScheduledEvent, _ rules: TimeZoneRules, _ now: Timestamp) throws -> Timestamp {
    guard let at else {
      guard let next = event.timing.next(after: now, in: rules) else {
        throw CommandError(status: .notFound, code: "no-time", message: "nothing is left to happen")
      }
      return next
    }
    guard let wall = WallTime(at) else {
      throw CommandError.input("RD0204", "'\(at)' is not a time", flag: "--at", help: "write it as 2026-12-24T18:30")
    }
    let planned = event.timing.instants(
      after: rules.reading(of: wall).timestamp - .milliseconds(1),
      through: rules.reading(of: wall).timestamp + .seconds(7200),
      limit: 1, in: rules)
    guard let found = planned.first, found >= rules.reading(of: wall).timestamp,
      rules.wallTime(at: found) == wall || found == rules.reading(of: wall).timestamp
    else {
      throw CommandError(
        status: .notFound, code: "no-time", message: "nothing is planned for \(at)",
        help: "rundown schedule next \(name) shows the times to come")
    }
    return found
  }
}

/// Changes a schedule, and immediately what is planned by it.
struct ScheduleChange {
  private let name: String
  private let options: GlobalOptions

  init(_ name: String, _ options: GlobalOptions) { (self.name, self.options) = (name, options) }

  func run(_ change: (inout Schedule, Timestamp) -> Void) async throws {
    let now = SystemClock().now()
    try await Queue.with(options) { store in
      let pass = SchedulePass(store, zone: ScheduleZones.rules)
      var schedule = try await ScheduleBook(store).named(name)
      // Past times follow the schedule as it was until now.
      _ = try await pass.run(at: now)
      change(&schedule, now)
      try await store.record([try schedule.write()], at: now)
      _ = try await pass.run(at: now)
    }
  }
}
