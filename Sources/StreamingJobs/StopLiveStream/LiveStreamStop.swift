import HTTPTransport
import JobQueue
import WowzaVideoClient

/// Stops a live stream and waits until it is `stopped`.
///
/// As with a start, the state decides each step. A repeated request stops nothing twice, so a lost answer costs one
/// more look.
struct LiveStreamStop {
  let video: WowzaVideoClient
  let id: String
  /// Until when it may still be started; nil if nothing starts it.
  let startsUntil: Timestamp?
  let context: JobContext

  private struct Asked: Codable {
    var looks = 0
    /// The requests that were not refused.
    var stops = 0
    /// The last state that was seen.
    var state: String?
    /// When the provider last accepted a request.
    var acceptedAt: Timestamp?
    /// Whether the stream has left its state since then.
    var hasMoved: Bool?
  }

  private static let asked = "stop-asked"
  /// How long a stream whose stop was accepted may be reported to be on air before that is believed.
  private static let stateLag = Duration.seconds(30)
  /// The time between two looks at a stopped stream that may be started.
  private static let watch = Duration.seconds(10)

  /// What became of the stream, or a snooze until the next look.
  func stopped() async throws -> (state: StopResult.State, unchanged: Bool) {
    var asked = try await context.checkpoint(Self.asked, as: Asked.self) ?? Asked()
    let now = context.clock.now()
    guard let state = try await state() else { return (.gone, asked.stops == 0) }
    let isProgress = asked.state != nil && asked.state != state.rawValue
    if isProgress { asked.hasMoved = true }
    asked.state = state.rawValue
    if state == .stopped {
      guard let startsUntil, startsUntil > now else { return (.stopped, asked.stops == 0) }
      try await context.checkpoint(Self.asked, asked, isProgress: isProgress)
      throw Verdict.snooze(
        for: min(startsUntil - now, Self.watch),
        why: "live stream \(id) is stopped, but a request of its start may still take effect")
    }
    asked.looks += 1
    if state != .stopping, isToBeAsked(asked, now) {
      // Written before the request: a job that has requested a stop did not find the stream stopped.
      asked.stops += 1
      try await context.checkpoint(Self.asked, asked, isProgress: isProgress)
      try await stop(&asked)
    }
    try await context.checkpoint(Self.asked, asked, isProgress: isProgress)
    throw Verdict.snooze(
      for: pause(asked.looks), why: "live stream \(id) is \(state.rawValue), waiting for it to stop")
  }

  /// Nil if it was deleted. A stream that is not found may be too new to be visible.
  private func state() async throws -> LiveStreamState? {
    let missing = MissingSince(checkpoint: "live-stream-missing-since", context: context)
    do {
      let state = try await video.liveStreamState(id).state
      try await missing.clear()
      return state
    } catch let error as ProviderError where error.isFromProvider && error.status == 410 {
      return nil
    } catch let error as ProviderError where error.isFromProvider && error.status == 404 {
      guard let pause = try await missing.pause() else { return nil }
      throw Verdict.snooze(for: pause, why: "live stream \(id) is not found; looking again")
    }
  }

  private func isToBeAsked(_ asked: Asked, _ now: Timestamp) -> Bool {
    guard let accepted = asked.acceptedAt, asked.hasMoved != true else { return true }
    return now - accepted >= Self.stateLag
  }

  private func stop(_ asked: inout Asked) async throws {
    do {
      _ = try await video.stopLiveStream(id)
      asked.acceptedAt = context.clock.now()
      asked.hasMoved = false
    } catch let error as ProviderError where error.isFromProvider && Self.aboutState.contains(error.status) {
      // It may be starting, or stopped by now: the next look shows it.
      asked.stops -= 1
      context.note("the stream's state does not allow a stop; looking again: \(error.message)")
    }
  }

  /// Statuses of a refusal that may be about the stream's state, or mean that the stream no longer exists.
  private static let aboutState: Set<Int?> = [404, 409, 410, 422, 423]

  /// A start takes about a minute, and so may a stop: 2 s, growing to 10 s, and rarely if that does not help.
  private func pause(_ looks: Int) -> Duration { .seconds(looks < 60 ? min(2 + looks, 10) : 180) }
}
