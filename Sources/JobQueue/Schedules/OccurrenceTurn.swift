/// Whether a scheduled job may start. This is decided when it is about to run, because only then is it known what else
/// still runs and how late it is.
package enum OccurrenceTurn: Sendable, Hashable {
  /// It may.
  case begin
  /// Not yet.
  case wait(for: Duration, why: String)
  /// Not any more; the occurrence ends like this.
  case end(Occurrence)
  /// Not any more, because the occurrence has other jobs by now.
  case replaced

  /// How long a job waits between two checks whether the previous one has finished.
  static let pause = Duration.seconds(5)

  /// Decides for a job that has not sent any request yet; a job that has sent one goes on, however late it is.
  /// - Parameters:
  ///   - occurrence: the job's occurrence.
  ///   - event: its event.
  ///   - job: the job.
  ///   - others: the unfinished jobs of earlier occurrences of the event, by their occurrences' keys.
  ///   - isOvertaken: whether a later occurrence of the event is due by now.
  ///   - now: the current time.
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
