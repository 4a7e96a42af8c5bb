import HTTPTransport
import JobQueue
import WowzaVideoClient

/// Starts a live stream and waits until it is `started`.
///
/// The state decides each step, so a lost response or a crash at any point costs one more look and nothing else. But
/// the state may lag behind the stream, so a start that the provider accepted is not repeated at once.
struct LiveStreamStart {
  let video: WowzaVideoClient
  let id: String
  /// How long a start may take.
  let limit: Duration
  /// Whether it may still be started.
  let planned: PlannedStart
  let context: JobContext

  private struct Asked: Codable {
    /// When the first start was requested.
    var time: WatchedTime
    var looks: Int
    /// How many starts the provider accepted.
    var starts: Int
    /// The last known state.
    var state: String?
    /// When it last accepted one.
    var acceptedAt: Timestamp?
    /// Whether the stream has left `stopped` since then.
    var hasMoved: Bool?
    /// When a start was first to be requested; nil in records of earlier versions.
    var askedAt: Timestamp?
    /// The provider's message when it last refused a start because of the stream.
    var refusal: String?

    private enum CodingKeys: String, CodingKey {
      case time = "at"
      case looks, starts, state, acceptedAt, hasMoved, askedAt, refusal
    }
  }

  private static let asked = "start-asked"
  /// How many times a start that falls back to `stopped` is requested again.
  private static let mostStarts = 3
  /// How long a stream whose start was accepted may be reported as `stopped` before that is believed: longer than the
  /// provider's caches, shorter than a start takes.
  private static let stateLag = Duration.seconds(30)

  /// `started`, or a snooze until the next look.
  func started() async throws -> String {
    var earlier = try await context.checkpoint(Self.asked, as: Asked.self)
    let seen = NewLiveStream(id: id, context: context)
    let state = try await seen.whenSeen { try await video.liveStreamState(id).state }
    if state == .started { return state.rawValue }
    let now = context.clock.now()
    if let passed = earlier?.time.look(at: now), let earlier,
      passed >= limit || state == .stopped && hasFallenBack(earlier, Self.mostStarts)
    {
      // After a retry, it starts over.
      try await context.removeCheckpoints([Self.asked])
      throw stuck(state, after: passed, earlier.refusal)
    }
    var asked = earlier ?? Asked(time: WatchedTime(at: now), looks: 0, starts: 0)
    let isProgress = state != .stopped && asked.state != state.rawValue
    asked.state = state.rawValue
    if state == .stopped, isToBeAsked(asked, now),
      try await planned.mayStart(id, askedAt: earlier.map { $0.askedAt ?? $0.time.since })
    {
      if earlier == nil { asked.askedAt = now }
      // Recorded before the request: the provider refuses a repeated start, but with a forgotten limit the job would
      // wait forever.
      if earlier == nil { try await context.checkpoint(Self.asked, asked) }
      try await seen.whenSeen { try await start(&asked, earlier) }
    } else {
      if state != .stopped { asked.hasMoved = true }
      asked.looks += 1
    }
    try await context.checkpoint(Self.asked, asked, isProgress: isProgress)
    throw Verdict.snooze(
      for: pause(asked.looks), why: "live stream \(id) is \(state.rawValue), waiting for it to start")
  }

  /// Whether this many starts have ended in `stopped`, which is the stream's state now.
  private func hasFallenBack(_ asked: Asked, _ times: Int) -> Bool { asked.starts >= times && asked.hasMoved == true }

  private func isToBeAsked(_ asked: Asked, _ now: Timestamp) -> Bool {
    guard let accepted = asked.acceptedAt, asked.hasMoved != true else { return true }
    return asked.starts < Self.mostStarts && now - accepted >= Self.stateLag
  }

  private func start(_ asked: inout Asked, _ earlier: Asked?) async throws {
    do {
      _ = try await video.startLiveStream(id)
      asked.starts += 1
      asked.looks = 0
      asked.acceptedAt = context.clock.now()
      asked.hasMoved = false
    } catch let error as ProviderError where Self.isAboutState(error) {
      // Someone, perhaps an earlier request of ours, has started it, and its state lags: this is not a start of ours,
      // and the next look decides.
      asked.looks += 1
      asked.refusal = error.message
      context.note("the stream's state does not allow a start; looking again")
    } catch let error as ProviderError {
      // Neither a problem with the account nor an outage may use up the stream's time. If the request took effect
      // anyway, the state will show it.
      if earlier == nil { try await context.removeCheckpoints([Self.asked]) }
      throw error
    }
  }

  /// The provider's responses are a second old, and a start takes about a minute: from 2 s up to 10 s.
  private func pause(_ looks: Int) -> Duration { .seconds(min(2 + looks, 10)) }

  /// Whether a refused start may concern a stream that is already starting. The vendor's code is
  /// `ERR-422-InvalidStateChange`, but not in every version; a 409 because of the limit is about creating, not about
  /// starting.
  private static func isAboutState(_ error: ProviderError) -> Bool {
    error.isFromProvider && (error.status == 409 || error.status == 422)
  }

  private func stuck(_ state: LiveStreamState, after duration: Duration, _ refusal: String?) -> Verdict {
    .dead(
      Failure(
        code: "start-stuck",
        message:
          "live stream \(id) is '\(state.rawValue)' \(duration.components.seconds) s after it was told to start"
          + (refusal.map { "; the last response to that was: \($0)" } ?? ""),
        hint: "check it in the account; it was left as it is. Retry the job to wait again"))
  }
}
