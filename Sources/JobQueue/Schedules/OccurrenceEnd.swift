/// How the end of its main job ends an occurrence.
package enum OccurrenceEnd {
  /// The ended occurrence; nil if its job has not ended.
  /// - Parameters:
  ///   - occurrence: a planned one.
  ///   - job: its main job; nil if it is no longer in the store.
  ///   - now: the current time.
  package static func of(_ occurrence: Occurrence, _ job: Job?, at now: Timestamp) -> Occurrence? {
    guard let job else { return occurrence.ended(.failed, "its job is no longer in the queue", at: now) }
    switch job.state {
    case .completed: return completed(occurrence, job, at: now)
    case .dead:
      return occurrence.ended(.failed, job.lastFailure.map { "job \(job.id): \($0.message)" }, at: now)
    case .cancelled: return occurrence.ended(.skipped, job.waitReason ?? "job \(job.id) was cancelled", at: now)
    case .scheduled, .ready, .running, .blocked, .held: return nil
    }
  }

  private static func completed(_ occurrence: Occurrence, _ job: Job, at now: Timestamp) -> Occurrence {
    let finished = job.finishedAt ?? now
    guard finished > occurrence.at + ScheduledEvent.CatchUp.tolerance else {
      return occurrence.ended(.done, nil, at: now)
    }
    let seconds = (finished - occurrence.planned).components.seconds
    return occurrence.ended(.late, "done \(seconds) s after its time", at: now)
  }

  /// Whether a planned occurrence can only be missed: its job has never run, and it is too late.
  package static func isOver(_ occurrence: Occurrence, _ job: Job, _ event: ScheduledEvent, at now: Timestamp) -> Bool {
    guard job.token == 0, event.overlap != .bufferOne else { return false }
    // A worker that took it at the last moment decides by itself.
    return now > occurrence.latest + ScheduledEvent.CatchUp.tolerance && !job.state.isFinished
  }
}
