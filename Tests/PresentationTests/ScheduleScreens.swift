import JobQueue
import Testing
import Wire

@testable import Presentation

/// Three schedules on an evening on which not everything went well.
struct ScheduleScreens {
  private let now = Screens.now
  private let rules: TimeZoneRules

  init() throws {
    rules = try TimeZoneRules(tzif: try ZoneFile.read("Europe/Berlin", limit: TimeZoneRules.maximumBytes))
  }

  /// Every screen by its name.
  func all(_ terminal: Terminal) throws -> [(name: String, text: String)] {
    let schedules = try schedules()
    let standings = schedules.map { ScheduleStanding($0, rules: rules, at: now) }
    let evening = schedules[0].events[0]
    let winter = try #require(WallTime("2027-03-26T12:00"))
    let times = evening.timing.instants(
      after: rules.reading(of: winter).timestamp, through: Timestamp(milliseconds: .max), limit: 5, in: rules)
    return [
      ("schedule list", ScheduleTable.rendered(standings, times: Screens.times, for: terminal)),
      ("schedule show", ScheduleTable.details(standings[0], times: Screens.times, for: terminal)),
      (
        "schedule list --runs",
        ScheduleTable.occurrences(occurrences(schedules), times: Screens.times, for: terminal)
      ),
      (
        "schedule next",
        ScheduleTable.next(
          times.map { PlannedTime($0, "main", rules) }, zone: "Europe/Berlin", times: Screens.times, for: terminal)
      ),
    ]
  }

  private func schedules() throws -> [Schedule] {
    let jobs = [
      JobTemplate(role: "start", kind: "restream-asset", payload: "{}", offsetSeconds: -600),
      JobTemplate(role: "stop", kind: "stop-live-stream", payload: "{}", offsetSeconds: 7200, isEnding: true),
    ]
    func schedule(_ name: String, _ cron: String, _ jobs: [JobTemplate]) throws -> Schedule {
      let event = ScheduledEvent(name: "main", timing: EventTiming(.cron(try CronExpression(cron))), jobs: jobs)
      return Schedule(name: name, zone: "Europe/Berlin", events: [event], definedAt: now)
    }
    var paused = try schedule("breakfast-loop-of-the-second-studio", "0 6 * * SAT,SUN", jobs)
    paused.pause = Schedule.Pause(since: now, reason: "the studio is under repair until the new mixer is there")
    let check = JobTemplate(role: "job", kind: "check-wave", payload: "{}")
    return [
      try schedule("evening", "30 2 * * *", jobs), paused, try schedule("nightly-check", "*/15 * * * *", [check]),
    ]
  }

  private func occurrences(_ schedules: [Schedule]) -> [Occurrence] {
    let ends: [(Occurrence.State, String?)] = [
      (.planned, nil), (.done, nil), (.late, "done 312 s after its time"),
      (.failed, "job 41: live stream ab12cd34 is 'starting' 300 s after it was told to start"),
      (.missed, "nothing could be started at its time or soon enough after it"), (.skipped, "the schedule is paused"),
    ]
    return ends.enumerated().map { index, end in
      let schedule = schedules[index % schedules.count]
      let planned = now - .seconds(3600 * index)
      return Occurrence(of: schedule.events[0], in: schedule.name, planned: planned, decidedAt: now)
        .ended(end.0, end.1, at: now)
    }
  }
}
