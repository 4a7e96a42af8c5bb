/// Whether a scheduled job may begin: decided when it is about to run, because only then it is known what else still runs
/// and how late it is.
package enum OccurrenceTurn: Sendable, Hashable {
  /// It may.
  case begin
  /// Not yet.
  case wait(for: Duration, why: String)
  /// It may not any more; the occurrence ends so.
  case end(Occurrence)
  /// It may not any more, because the occurrence has other jobs by now.
  case replaced

  /// How long one waits between two looks whether the one before has finished.
  static let pause = Duration.seconds(5)

  /// Decides it for a job of which nothing was asked of anybody yet; one that has asked goes on, whatever the time.
  /// - Parameters:
  ///   - occurrence: the job's.
  ///   - event: its event.
  ///   - job: the job.
  ///   - others: the unfinished jobs of earlier occurrences of the event, by their occurrences' keys.
  ///   - isOvertaken: whether a later occurrence of the event is due by now.
  ///   - now: the instant of the question.
  package init(
    of occurrence: Occurrence, _ event: ScheduledEvent, _ job: Job, others: Set<String>, isOvertaken: Bool,
    at now: Timestamp
  ) {
    if job.labels[OccurrenceLabel.revival] ?? "0" != "\(occurrence.revivals)" {
      self = .replaced
    } else if occurrence.state != .planned {
      self = .end(occurrence)
    } else if event.overlap != .bufferOne, now > occurrence.latest {
      self = .end(Self.tooLate(occurrence, job, at: now))
    } else if event.catchUp.mode == .latest, isOvertaken, now - occurrence.planned > ScheduledEvent.CatchUp.tolerance {
      self = .end(occurrence.ended(.missed, OccurrencePlan.overtaken, at: now))
    } else {
      self = Self.beside(others, occurrence, event.overlap, at: now)
    }
  }

  private static func tooLate(_ occurrence: Occurrence, _ job: Job, at now: Timestamp) -> Occurrence {
    guard job.failures > 0, let failure = job.lastFailure else {
      return occurrence.ended(.missed, "no worker could start it in time", at: now)
    }
    return occurrence.ended(.failed, "it failed until it was too late: \(failure.message)", at: now)
  }

  private static func beside(
    _ others: Set<String>, _ occurrence: Occurrence, _ overlap: ScheduledEvent.Overlap, at now: Timestamp
  ) -> OccurrenceTurn {
    switch overlap {
    case .allow: return .begin
    case .skip:
      guard let other = others.min() else { return .begin }
      return .end(occurrence.ended(.skipped, "\(other) was not finished yet", at: now))
    case .bufferOne:
      guard let other = others.min() else { return .begin }
      guard others.count == 1 else {
        return .end(occurrence.ended(.skipped, "\(other) was not finished yet, and another one was waiting", at: now))
      }
      return .wait(for: pause, why: "waits until \(other) is finished")
    }
  }
}
