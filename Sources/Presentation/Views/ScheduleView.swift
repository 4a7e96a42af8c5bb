package import JobQueue

/// A schedule as `--json` shows it.
package struct ScheduleView: Encodable {
  var name: String
  var zone: String
  var labels: [String: String]
  var paused: Bool
  var pauseReason: String?
  var next: String?
  var events: [Event]
  var occurrences: [OccurrenceView]?

  struct Event: Encodable {
    var name: String
    var timing: EventTiming
    var jobs: [Job]
    var overlap: String
    var catchUp: String
    var windowSeconds: Int
    var jitterSeconds: Int
  }

  struct Job: Encodable {
    var role: String
    var kind: String
    var offsetSeconds: Int
  }

  /// A schedule and how it stands.
  package init(_ standing: ScheduleStanding, occurrences: [OccurrenceView]? = nil) {
    self.init(standing.schedule, next: standing.next?.instant)
    self.occurrences = occurrences
  }

  /// A schedule and its next time.
  package init(_ schedule: Schedule, next: Timestamp?) {
    (name, zone, labels) = (schedule.name, schedule.zone, schedule.labels)
    paused = schedule.pause != nil
    pauseReason = schedule.pause?.reason
    self.next = next.map { TimeText.exact($0) }
    events = schedule.events.map { event in
      Event(
        name: event.name, timing: event.timing,
        jobs: event.jobs.map { Job(role: $0.role, kind: $0.kind, offsetSeconds: $0.offsetSeconds) },
        overlap: event.overlap.rawValue, catchUp: event.catchUp.mode.rawValue,
        windowSeconds: event.catchUp.windowSeconds, jitterSeconds: event.jitterSeconds)
    }
  }
}

/// A planned time as `--json` shows it.
package struct OccurrenceView: Encodable {
  var occurrence: String
  var schedule: String
  var event: String
  var planned: String
  var state: String
  var reason: String?

  package init(_ occurrence: Occurrence) {
    self.occurrence = occurrence.key
    (schedule, event, state, reason) = (
      occurrence.schedule, occurrence.event, occurrence.state.rawValue, occurrence.reason
    )
    planned = TimeText.exact(occurrence.planned)
  }
}
