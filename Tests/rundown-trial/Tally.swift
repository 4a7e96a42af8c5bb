import Glibc
import JobQueue

/// A job that takes a while and does nothing.
struct Tally: JobParameters {
  static let kind = "tally"
  static let queue = "trial"

  /// How long it takes.
  var milliseconds: Int
}

/// Says outside of the queue file that an attempt began: `job token process`.
struct TallyHandler: JobHandler {
  let lines: LineFile
  let clock: any QueueClock

  func run(_ parameters: Tally, context: JobContext) async throws -> Int {
    try lines.add("\(context.job.id) \(context.lease.token) \(getpid())")
    if parameters.milliseconds > 0 { try await clock.sleep(for: .milliseconds(parameters.milliseconds)) }
    return parameters.milliseconds
  }
}
