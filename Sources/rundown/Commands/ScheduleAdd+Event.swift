import JobQueue
import Manifests
import Settings
import StreamingJobs
import Wire

/// The values of the options.
extension ScheduleAdd {
  private static let longestName = 100

  /// The rules of the zone.
  func rules() throws -> TimeZoneRules {
    do throws(FieldProblem) {
      return try ZoneDirectory.system().rules(of: zone)
    } catch {
      throw CommandError.input("RD0442", error.message, flag: "--zone", help: error.help)
    }
  }

  /// The schedule's one event.
  func event(_ work: ScheduledWork, at now: Timestamp) throws -> ScheduledEvent {
    try checkName()
    let lead = try span(self.lead, "--lead") ?? .zero
    let jitter = try span(self.jitter, "--jitter") ?? .zero
    let window = try span(self.window, "--window") ?? .zero
    do {
      let jobs = try work.templates(lead: lead, stop: try stop(), maxAttempts: nil)
      return ScheduledEvent(
        name: "main", timing: try timing(at: now), jobs: jobs, overlap: try word(overlap, "--overlap"),
        catchUp: ScheduledEvent.CatchUp(
          try word(catchUp, "--catch-up"), windowSeconds: Int(window.components.seconds)),
        jitterSeconds: Int(jitter.components.seconds))
    } catch let problem as ScheduledWork.Problem {
      throw CommandError.input(
        "RD0443", problem.message, flag: "--stop-after",
        help: stopAfter == nil ? "add --stop-after 2h, or --no-stop if that is meant" : problem.help)
    }
  }

  private func checkName() throws {
    let allowed = name.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
        || [0x2d, 0x2e, 0x5f].contains(byte)
    }
    guard allowed, !name.isEmpty, name.utf8.count <= Self.longestName else {
      throw CommandError.input(
        "RD0440", "'\(name)' cannot be a schedule's name", flag: "NAME",
        help: "use letters, digits, '-', '_' and '.', at most \(Self.longestName) of them")
    }
  }

  private func stop() throws -> ScheduledWork.Stop? {
    guard let text = stopAfter else { return noStop ? .never : nil }
    guard !noStop else {
      throw CommandError.input(
        "RD0305", "--stop-after and --no-stop contradict each other", flag: "--no-stop", help: "use only one of them")
    }
    return try span(text, "--stop-after").map { .after($0) }
  }

  private func timing(at now: Timestamp) throws -> EventTiming {
    var timing: EventTiming
    switch (cron, at.isEmpty) {
    case (let text?, true):
      do {
        timing = EventTiming(.cron(try CronExpression(text)))
      } catch {
        throw CommandError.input("RD0444", "\(error)", flag: "--cron")
      }
    case (nil, false): timing = EventTiming(.instants(try at.map { try wallTime($0, "--at") }))
    case (_?, false):
      throw CommandError.input(
        "RD0305", "--at and --cron both say when", flag: "--at, --cron", help: "use only one of them")
    case (nil, true):
      throw CommandError.input(
        "RD0301", "nothing says when", flag: "--at, --cron",
        help: "such as --at 2026-12-05T20:15, or --cron '30 18 * * *'")
    }
    timing.excluded = Set(try exclude.map { try day($0) })
    timing.startsAt = try from.map { try wallTime($0, "--from") }
    timing.endsAt = try until.map { try wallTime($0, "--until") }
    if let count = count {
      guard (1...EventTiming.maximumCount).contains(count) else {
        throw CommandError.input(
          "RD0303", "\(count) is not between 1 and \(EventTiming.maximumCount)", flag: "--count",
          help: "such as --count 10")
      }
      timing.count = count
      // Counted from its first time on, which is not before this command.
      if timing.startsAt == nil { timing.startsAt = try rules().wallTime(at: now) }
    }
    return timing
  }

  private func wallTime(_ text: String, _ flag: String) throws -> WallTime {
    guard let time = WallTime(text) else {
      throw CommandError.input(
        "RD0204", "'\(text)' is not a time of a clock in \(zone)", flag: flag,
        help: "write it as 2026-12-05T20:15")
    }
    return time
  }

  private func day(_ text: String) throws -> CalendarDay {
    guard let day = CalendarDay(text) else {
      throw CommandError.input("RD0204", "'\(text)' is not a date", flag: "--exclude", help: "write it as 2026-12-24")
    }
    return day
  }

  private func span(_ text: String?, _ flag: String) throws -> Duration? {
    guard let text else { return nil }
    guard let span = DurationText.parse(text) else { throw CommandError.noSpan(text, flag: flag) }
    return span
  }

  private func word<Word: RawRepresentable<String> & CaseIterable>(_ text: String, _ flag: String) throws -> Word {
    guard let word = Word(rawValue: text) else {
      let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
      throw CommandError.input("RD0303", "'\(text)' is none of \(words)", flag: flag, help: "use one of \(words)")
    }
    return word
  }
}

/// The time zones of this system, as a scheduler reads them: again each time, since their rules change.
enum ScheduleZones {
  static let rules: @Sendable (String) throws -> TimeZoneRules = { try ZoneDirectory.system().rules(of: $0) }
}
