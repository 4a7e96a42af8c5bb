import JobQueue
import WowzaVideoClient

/// What a stop knows about the start that it ends: which live stream there is, and until when one may still be started.
///
/// The stop records itself before it looks, so a start that it does not see will see the stop, and request nothing;
/// ``PlannedStart`` shows both columns. What remains to be decided here is what a start may have done before that:
///
/// | what the records say | and the start's job | then |
/// |---|---|---|
/// | no start | | nothing to stop, and none can begin any more |
/// | a start, no live stream | runs | it may be requesting one: looks again when that attempt has ended |
/// | | waits, or is finished, and requested nothing | nothing to stop: its next attempt ends at once |
/// | | waits, and an answer was lost | its next attempt settles the outcome: looks again |
/// | | is finished, held, or pruned; an answer was lost | the account decides, once the request can have no effect |
/// | a live stream | runs | stops it; that attempt may start a stopped stream: looks again |
/// | | waits, or is finished | stops it; done when it is stopped and no request of that job can have effect any more |
///
/// A live stream's id is recorded before the stream's start is first requested. So if the records have no id, nothing
/// that this queue created is on air, unless the records were restored from a backup; the account is only asked for
/// that reason.
struct StartSight {
  let stop: StopLiveStream
  /// Since when no job may start it.
  let since: Timestamp
  let video: WowzaVideoClient
  /// How long after its answer was lost a request may still take effect.
  let lateEffectWindow: Duration
  let queue: any QueryStore
  let context: JobContext

  enum Finding {
    /// There is nothing to stop.
    case nothing(why: String, job: JobID?)
    /// There is a live stream, which may be started until the given time; nil if no job starts it any more.
    case stream(String, job: JobID?, startsUntil: Timestamp?)
  }

  /// How old the provider's answers may be.
  private static let readDelay = Duration.seconds(5)
  private static let pauses = Duration.seconds(2)...Duration.seconds(60)

  /// Checks records and jobs.
  /// - Throws: a snooze while it is unclear whether there is a live stream.
  func look() async throws -> Finding {
    if let id = stop.liveStreamID {
      let holder = try await context.claimant(of: OnAirRecord.claim(stop.connection, id))
      return .stream(id, job: holder, startsUntil: actsUntil(try await job(holder)))
    }
    let place = RecordPlace.onAir(stop.connection, occurrence: stop.occurrence ?? "")
    guard let start = try await place.value(in: queue, as: OnAirRecord.self) else {
      return .nothing(why: "its start never began, and cannot begin any more", job: nil)
    }
    let job = try await job(start.job)
    if let id = start.liveStreamID { return .stream(id, job: start.job, startsUntil: actsUntil(job)) }
    return try await unsettled(start, job)
  }

  private func job(_ id: JobID?) async throws -> Job? {
    guard let id else { return nil }
    return try await queue.jobs(JobQuery(ids: [id])).first
  }

  /// Until when a request of the job may take effect, however it ended; nil if none may.
  private func actsUntil(_ job: Job?) -> Timestamp? {
    guard let job else { return nil }
    let now = context.clock.now()
    let last = job.state == .running ? now : min(job.finishedAt ?? job.updatedAt, now)
    let end = last + lateEffectWindow + Self.readDelay
    return end > now ? end : nil
  }

  /// Handles a start without a known live stream.
  private func unsettled(_ start: OnAirRecord, _ job: Job?) async throws -> Finding {
    let journal = try await context.journal(of: start.job)
    let effect = journal.effects[OnAirRecord.effect]
    // It was recorded in between.
    if effect?.result != nil { throw waits(for: start.job, "has a live stream by now") }
    let mayHaveOne = (effect?.intents ?? 0) > 0
    switch job?.state {
    case .running: throw waits(for: start.job, "may be creating its live stream")
    case .scheduled, .ready:
      guard mayHaveOne else { break }
      throw waits(for: start.job, "finds out whether it created a live stream")
    case .blocked, .held, .completed, .dead, .cancelled:
      guard mayHaveOne else { break }
      if actsUntil(job) != nil { throw waits(for: start.job, "asked for a live stream, which may still appear") }
      try await expectNone(start, BeforeAsking.written(in: journal))
    case nil:
      try await expectNone(start, BeforeAsking(date: start.since.milliseconds / 1000))
    }
    let why = mayHaveOne || job == nil ? "left no live stream that is on air" : "asked for no live stream"
    return .nothing(why: "its start, job \(start.job), \(why)", job: start.job)
  }

  private func expectNone(_ start: OnAirRecord, _ before: BeforeAsking) async throws {
    let look = AccountLook(video: video, connection: stop.connection, start: start, before: before, context: context)
    guard let named = try await look.onAir() else { return }
    throw Verdict.hold(
      why: "job \(start.job) asked for a live stream and never heard of one, and \(named) may be it;"
        + " nothing was stopped. If it is: rundown enqueue stop-live-stream --connection \(stop.connection) --live-stream-id ID."
        + " Once none of them is on air: rundown jobs retry \(context.job.id)")
  }

  /// Soon at first, and then rarely.
  private func waits(for job: JobID, _ what: String) -> Verdict {
    let passed = (context.clock.now() - since) / 4
    return .snooze(
      for: min(max(passed, Self.pauses.lowerBound), Self.pauses.upperBound), why: "its start, job \(job), \(what)")
  }
}
