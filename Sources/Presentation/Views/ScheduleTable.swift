package import JobQueue
import Wire

/// A schedule, and when it happens next.
package struct ScheduleStanding: Sendable {
  package let schedule: Schedule
  /// Its next time, and the event's name; nil when there is none, it is paused, or its zone cannot be read.
  package let next: PlannedTime?
  let isZoneUnknown: Bool

  package init(_ schedule: Schedule, rules: TimeZoneRules?, at now: Timestamp) {
    self.schedule = schedule
    isZoneUnknown = rules == nil
    guard schedule.isActive, let rules else {
      next = nil
      return
    }
    next = schedule.events.compactMap { event in
      event.timing.next(after: now, in: rules).map { PlannedTime($0, event.name, rules) }
    }.min { $0.instant < $1.instant }
  }

  /// What a person has to know of it.
  var word: String {
    if let pause = schedule.pause { return "paused" + (pause.reason.map { ": \($0)" } ?? "") }
    if isZoneUnknown { return "time zone unknown on this machine" }
    return next == nil ? "ended" : ""
  }
}

/// A time to come.
package struct PlannedTime: Sendable, Encodable {
  package let instant: Timestamp
  let event: String
  /// What a clock in the schedule's zone shows then, with its distance from UTC.
  let local: String
  /// Whether clocks change that day.
  let isChangeDay: Bool

  package init(_ instant: Timestamp, _ event: String, _ rules: TimeZoneRules) {
    (self.instant, self.event) = (instant, event)
    local = ScheduleTable.local(instant, rules)
    // From midnight to midnight by the clock of the zone.
    let midnight = CalendarDay.floor(rules.wallTime(at: instant).seconds, 86_400) * 86_400
    let ends = [midnight, midnight + 86_400].map { rules.reading(of: WallTime(seconds: $0)).timestamp }
    isChangeDay = rules.offset(at: ends[0]) != rules.offset(at: ends[1])
  }

  private enum CodingKeys: String, CodingKey { case at, event, local, clocksChange }

  /// Writes the instant in UTC.
  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(TimeText.exact(instant), forKey: .at)
    try values.encode(event, forKey: .event)
    try values.encode(local, forKey: .local)
    try values.encode(isChangeDay, forKey: .clocksChange)
  }
}

/// Schedules for a person.
package enum ScheduleTable {
  /// The list of schedules.
  package static func rendered(_ all: [ScheduleStanding], times: TimeFormat, for terminal: Terminal) -> String {
    var table = Table(
      [
        .init("SCHEDULE", minimum: 8), .init("NEXT", minimum: 8), .init("IN ITS ZONE", minimum: 8),
        .init("JOB", minimum: 6),
      ], note: "NOTE")
    for each in all {
      table.add(
        [
          .init(each.schedule.name), .init(each.next.map { times.slot($0.instant) } ?? "-"),
          .init(each.next?.local ?? each.schedule.zone), .init(kinds(each.schedule)),
        ], note: .init(each.word))
    }
    return table.rendered(for: terminal)
  }

  /// One schedule.
  package static func details(_ standing: ScheduleStanding, times: TimeFormat, for terminal: Terminal) -> String {
    let schedule = standing.schedule
    var lines = [terminal.paragraph("schedule \(schedule.name), times in \(schedule.zone)", .bold)]
    if !standing.word.isEmpty { lines.append(terminal.paragraph(standing.word, .yellow)) }
    if let next = standing.next {
      lines.append(terminal.paragraph("next: \(next.local), \(times.slot(next.instant))"))
    }
    for event in schedule.events {
      lines.append(terminal.paragraph("\(event.name): \(words(event.timing))"))
      lines += event.jobs.map { terminal.paragraph("  \($0.role): \($0.kind), \(offset($0.offsetSeconds))") }
      let window = event.catchUp.windowSeconds
      lines.append(
        terminal.paragraph(
          "  when the one before still runs: \(event.overlap.rawValue); late starts: \(event.catchUp.mode.rawValue)"
            + (event.catchUp.mode == .none ? "" : ", up to \(span(window)) late")))
    }
    return lines.joined(separator: "\n")
  }

  /// What became of planned times.
  package static func occurrences(_ all: [Occurrence], times: TimeFormat, for terminal: Terminal) -> String {
    var table = Table(
      [.init("PLANNED", minimum: 10), .init("SCHEDULE", minimum: 8), .init("EVENT", minimum: 5), .init("STATE")],
      note: "WHY")
    for each in all {
      table.add(
        [
          .init(times.absolute(each.planned)), .init(each.schedule), .init(each.event),
          .init(each.state.rawValue, colour(each)),
        ],
        note: .init(each.reason ?? ""))
    }
    return table.rendered(for: terminal)
  }

  /// The times to come.
  package static func next(_ all: [PlannedTime], zone: String, times: TimeFormat, for terminal: Terminal) -> String {
    let hasEvents = Set(all.map(\.event)).count > 1
    var table = Table(
      [.init("IN \(zone)", minimum: 12), .init("HERE", minimum: 10), .init("UTC", minimum: 10)]
        + (hasEvents ? [.init("EVENT")] : []), note: "NOTE")
    for each in all {
      table.add(
        [.init(each.local), .init(times.absolute(each.instant)), .init(TimeText.exact(each.instant))]
          + (hasEvents ? [.init(each.event)] : []), note: .init(each.isChangeDay ? "clocks change that day" : ""))
    }
    return table.rendered(for: terminal)
  }

  /// `2026-12-05 20:15 +01:00`.
  package static func local(_ instant: Timestamp, _ rules: TimeZoneRules) -> String {
    let text = InternetTime.text(rules.wallTime(at: instant).seconds)
    let minutes = rules.offset(at: instant) / 60
    let (hours, rest) = abs(minutes).quotientAndRemainder(dividingBy: 60)
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) \(minutes < 0 ? "-" : "+")\(two(hours)):\(two(rest))"
  }

  private static func kinds(_ schedule: Schedule) -> String {
    var kinds: [String] = []
    for kind in schedule.events.compactMap(\.jobs.first?.kind) where !kinds.contains(kind) { kinds.append(kind) }
    return kinds.joined(separator: ", ")
  }

  private static func words(_ timing: EventTiming) -> String {
    switch timing.moments {
    case .cron(let expression): "cron \(expression)"
    case .instants(let times):
      times.prefix(5).map { String(InternetTime.text($0.seconds).prefix(16)) }.joined(separator: ", ")
        + (times.count > 5 ? " and \(times.count - 5) more" : "")
    }
  }

  private static func offset(_ seconds: Int) -> String {
    if seconds == 0 { return "at its time" }
    return seconds < 0 ? "\(span(-seconds)) before its time" : "\(span(seconds)) after its time"
  }

  private static func span(_ seconds: Int) -> String {
    if seconds % 3600 == 0 { return "\(seconds / 3600) h" }
    return seconds % 60 == 0 ? "\(seconds / 60) min" : "\(seconds) s"
  }

  private static func colour(_ occurrence: Occurrence) -> Colour? {
    switch occurrence.state {
    case .planned, .skipped: nil
    case .done: .green
    case .late: .yellow
    case .failed, .missed: .red
    }
  }
}
