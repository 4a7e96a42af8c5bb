/// One entry of a schedule: times, and the jobs that are created for each of them.
package struct ScheduledEvent: Sendable, Hashable, Codable {
  /// Its name, unique in the schedule.
  package var name: String
  /// Its times.
  package var timing: EventTiming
  /// The jobs for each time; the first one is the main one, whose end is the occurrence's.
  package var jobs: [JobTemplate]
  /// What happens at a time when the jobs of the previous one are not finished yet.
  package var overlap: Overlap
  /// What happens with times that passed while nothing could start.
  package var catchUp: CatchUp
  /// Each time is moved by up to this many seconds, always the same for the same time, so that a hundred schedules do
  /// not send requests to a provider in the same second.
  package var jitterSeconds: Int

  /// What happens at a time when the jobs of the previous one are not finished yet.
  package enum Overlap: String, Sendable, Hashable, Codable, CaseIterable {
    /// It is skipped.
    case skip
    /// It waits until they are finished; one may wait, and any further one is skipped.
    case bufferOne = "buffer-one"
    /// It starts beside them.
    case allow
  }

  /// What happens with times that passed while nothing could start.
  package struct CatchUp: Sendable, Hashable, Codable {
    /// Which of them still start.
    package enum Mode: String, Sendable, Hashable, Codable, CaseIterable {
      /// None: what cannot start on time is missed.
      case none
      /// The latest one, if its window is still open.
      case latest
      /// All whose window is still open.
      case all
    }

    /// Which of them still start.
    package var mode: Mode
    /// How long after its time one may still start.
    package var windowSeconds: Int

    /// Creates a catch-up rule.
    package init(_ mode: Mode, windowSeconds: Int) { (self.mode, self.windowSeconds) = (mode, windowSeconds) }

    /// A delay of this much still counts as on time: a worker may be busy, and clocks differ.
    package static let tolerance = Duration.seconds(60)

    /// The longest delay with which an occurrence still starts.
    package var longest: Duration {
      mode == .none ? Self.tolerance : max(Self.tolerance, .seconds(windowSeconds))
    }
  }

  /// Creates an event.
  package init(
    name: String, timing: EventTiming, jobs: [JobTemplate], overlap: Overlap = .skip,
    catchUp: CatchUp = CatchUp(.latest, windowSeconds: 900), jitterSeconds: Int = 0
  ) {
    (self.name, self.timing, self.jobs) = (name, timing, jobs)
    (self.overlap, self.catchUp, self.jitterSeconds) = (overlap, catchUp, jitterSeconds)
  }

  /// How long before its time the first of its jobs may run.
  package var lead: Duration { .seconds(-min(0, jobs.map(\.offsetSeconds).min() ?? 0)) }
}
