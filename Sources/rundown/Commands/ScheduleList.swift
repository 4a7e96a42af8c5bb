import ArgumentParser
import JobQueue
import Presentation

/// `rundown schedule list`.
struct ScheduleList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List schedules with their next times, or what became of the last ones.",
    discussion: """
      EXAMPLES:
        rundown schedule list
        rundown schedule list --runs --state missed,failed
        rundown schedule list --runs --json
      """)

  @Flag(help: "Show what became of the planned times, newest first.")
  var runs = false

  @Option(help: "With --runs: only these states, such as missed,failed.")
  var state: String?

  @Option(help: "With --runs: show at most N.")
  var limit = 50

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let now = SystemClock().now()
    let times = options.times(now)
    let wanted = try states()
    if runs {
      let found = try await Queue.with(options) { store in
        try await ScheduleBook(store).latest(limit, in: wanted, at: now)
      }
      if options.json { return try JSONOutput.print("occurrences", found.map { OccurrenceView($0) }) }
      guard !found.isEmpty else { return Output.message("no planned times yet: a worker plans the next hour's") }
      return try Output.painted(ScheduleTable.occurrences(found, times: times, for: .output))
    }
    let schedules = try await Queue.with(options) { store in try await ScheduleBook(store).schedules() }
    let shown = schedules.filter { $0.removedAt == nil }.map { schedule in
      ScheduleStanding(schedule, rules: try? ScheduleZones.rules(schedule.zone), at: now)
    }
    if options.json { return try JSONOutput.print("schedules", shown.map { ScheduleView($0) }) }
    guard !shown.isEmpty else { return Output.message("no schedules: rundown schedule add makes one") }
    try Output.painted(ScheduleTable.rendered(shown, times: times, for: .output))
  }

  private func states() throws -> Set<Occurrence.State> {
    guard let state else { return Set(Occurrence.State.allCases) }
    guard runs else {
      throw CommandError.input("RD0301", "--state chooses among planned times", flag: "--state", help: "add --runs")
    }
    return Set(
      try state.split(separator: ",").map { word in
        guard let state = Occurrence.State(rawValue: String(word)) else {
          let words = Occurrence.State.allCases.map(\.rawValue).joined(separator: ", ")
          throw CommandError.input(
            "RD0303", "'\(word)' is none of \(words)", flag: "--state", help: "use one of \(words)")
        }
        return state
      })
  }
}

extension ScheduleBook {
  /// The last planned times, newest first.
  fileprivate func latest(
    _ limit: Int, in states: Set<Occurrence.State>, at now: Timestamp
  ) async throws -> [Occurrence] {
    var all: [Occurrence] = []
    for state in states.union([.planned]) { all += try await occurrences(in: state) }
    for (index, occurrence) in all.enumerated() { all[index] = try await current(occurrence, at: now) }
    all.removeAll { !states.contains($0.state) }
    return Array(all.sorted { ($0.planned, $0.key) > ($1.planned, $1.key) }.prefix(max(0, limit)))
  }
}

/// `rundown schedule show`.
struct ScheduleShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a schedule, its jobs and its last planned times.",
    discussion: """
      EXAMPLES:
        rundown schedule show final
      """)

  @Argument(help: "The schedule's name.") var name: String

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let now = SystemClock().now()
    let (schedule, occurrences) = try await Queue.with(options) { store in
      let book = ScheduleBook(store)
      let schedule = try await book.named(name)
      var all: [Occurrence] = []
      for event in schedule.events {
        all += try await book.occurrences(name, event.name, after: Timestamp(milliseconds: 0)).suffix(20)
      }
      for (index, occurrence) in all.enumerated() { all[index] = try await book.current(occurrence, at: now) }
      return (schedule, all.sorted { $0.planned > $1.planned })
    }
    let standing = ScheduleStanding(schedule, rules: try? ScheduleZones.rules(schedule.zone), at: now)
    if options.json {
      return try JSONOutput.print(
        "schedule", ScheduleView(standing, occurrences: occurrences.map { OccurrenceView($0) }))
    }
    let times = options.times(now)
    try Output.painted(ScheduleTable.details(standing, times: times, for: .output))
    guard !occurrences.isEmpty else { return }
    try Output.painted("\n" + ScheduleTable.occurrences(occurrences, times: times, for: .output))
  }
}

/// `rundown schedule next`.
struct ScheduleNext: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "next", abstract: "Show the times to come: in the schedule's zone, here, and in UTC.",
    discussion: """
      EXAMPLES:
        rundown schedule next evening -n 20

      Days on which clocks change are marked.
      """)

  @Argument(help: "The schedule's name.") var name: String

  @Option(name: .short, help: "How many.") var number = 10

  @Option(help: "Only this event of the schedule.") var event: String?

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    guard (1...1000).contains(number) else {
      throw CommandError.input("RD0303", "\(number) is not between 1 and 1000", flag: "-n", help: "such as -n 20")
    }
    let now = SystemClock().now()
    let schedule = try await Queue.with(options) { store in try await ScheduleBook(store).named(name) }
    let rules = try ScheduleZones.rules(schedule.zone)
    let events = try event.map { [try schedule.meant($0)] } ?? schedule.events
    let end = Timestamp(milliseconds: .max)
    let all = events.flatMap { event in
      event.timing.instants(after: now, through: end, limit: number, in: rules).map {
        PlannedTime($0, event.name, rules)
      }
    }
    let shown = Array(all.sorted { $0.instant < $1.instant }.prefix(number))
    if options.json { return try JSONOutput.print("times", shown) }
    guard !shown.isEmpty else { return Output.message("nothing is left to happen") }
    try Output.painted(
      ScheduleTable.next(shown, zone: schedule.zone, times: options.times(now), for: .output))
    if let pause = schedule.pause {
      Output.sentence("paused\(pause.reason.map { ": \($0)" } ?? ""); rundown schedule resume \(name) ends that")
    }
  }
}
