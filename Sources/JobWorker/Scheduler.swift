package import JobQueue
package import Logging

/// Makes jobs of schedules, and keeps account of what became of each planned instant. Every worker may have one: who
/// comes first plans an instant, and nobody plans it twice.
package struct Scheduler: Duty {
  package let name = "schedule"
  /// Jobs are enqueued an hour ahead, so that nothing depends on when a turn comes; it only shows how soon an end is
  /// written down.
  package let period: Duration = .seconds(15)
  private let pass: SchedulePass
  private let logger: Logger

  /// Creates a scheduler.
  package init(_ pass: SchedulePass, logger: Logger) { (self.pass, self.logger) = (pass, logger) }

  /// Looks at all schedules once.
  package func runOnce(now: Timestamp) async throws -> Timestamp? {
    let report = try await pass.run(at: now)
    for (schedule, cause) in report.unreadable.sorted(by: { $0.key < $1.key }) {
      logger.error("cannot plan a schedule", metadata: ["schedule": "\(schedule)", "cause": "\(cause)"])
    }
    for occurrence in report.changed {
      var facts: Logger.Metadata = ["occurrence": "\(occurrence.key)", "state": "\(occurrence.state.rawValue)"]
      if let reason = occurrence.reason { facts["reason"] = "\(reason)" }
      switch occurrence.state {
      case .planned, .done: logger.info("occurrence", metadata: facts)
      case .late, .skipped: logger.notice("occurrence", metadata: facts)
      case .missed, .failed: logger.warning("occurrence", metadata: facts)
      }
    }
    return nil
  }
}
