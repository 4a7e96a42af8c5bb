import JobQueue

/// A handler that starts nothing during a blackout.
struct BlackoutHandler<Base: JobHandler>: JobHandler {
  let base: Base

  func run(_ parameters: Base.Parameters, context: JobContext) async throws -> Base.Output {
    let now = context.clock.now()
    if let end = Blackout.end(for: context.job.labels, at: now) {
      throw Verdict.snooze(for: end - now, why: "waits for the end of a not-during time range")
    }
    return try await base.run(parameters, context: context)
  }

  func classify(_ error: any Error) -> Verdict { base.classify(error) }
}
