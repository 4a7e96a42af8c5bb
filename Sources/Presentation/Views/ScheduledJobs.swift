package import JobQueue

/// Sentences about jobs that wait for their time.
package enum ScheduledJobs {
  /// `waiting for 2 scheduled jobs: job 7 runs at 20:15:00 CET (in 2h00m), the last one at 22:00:00 CET (in 3h45m)`;
  /// nil if none of them is scheduled for later than `notice` from now, because that is over before anyone has read it.
  package static func sentence(_ jobs: [Job], notice: Duration, _ times: TimeFormat) -> String? {
    let later = jobs.filter { $0.state == .scheduled && $0.runAt - times.now > notice }
      .sorted { ($0.runAt, $0.id) < ($1.runAt, $1.id) }
    guard let first = later.first, let last = later.last else { return nil }
    let why = first.waitReason.map { " (\($0))" } ?? ""
    guard later.count > 1 else {
      return "waiting for job \(first.id), which is scheduled for \(moment(first, times))\(why)"
    }
    return
      "waiting for \(later.count) scheduled jobs: job \(first.id) runs at \(moment(first, times))\(why), the last one at"
      + " \(moment(last, times))"
  }

  private static func moment(_ job: Job, _ times: TimeFormat) -> String {
    "\(times.clock(job.runAt)) (\(times.relative(job.runAt)))"
  }
}
