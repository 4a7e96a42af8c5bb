import HTTPTransport
import JobQueue
import WowzaVideoClient

/// Starts a live stream and sees it through to `started`.
///
/// The state decides each step, so a lost answer or a crash at any point costs one more look and nothing else. But the
/// state may lag behind what the stream does, so a start that the provider accepted is not repeated at once.
struct LiveStreamStart {
  let video: WowzaVideoClient
  let id: String
  /// How long a start may take.
  let limit: Duration
  let context: JobContext

  private struct Asked: Codable {
    /// Since the first start that was asked for.
    var time: WatchedTime
    var looks: Int
    /// Those that the provider accepted.
    var starts: Int
    /// The state that was seen last.
    var state: String?
    /// When it last accepted one.
    var acceptedAt: Timestamp?
    /// Whether the stream has left `stopped` since then.
    var hasMoved: Bool?
    /// What the provider said when it last refused one because of the stream.
    var refusal: String?

    private enum CodingKeys: String, CodingKey {
      case time = "at"
      case looks, starts, state, acceptedAt, hasMoved, refusal
    }
  }

  private static let asked = "start-asked"
  /// A start that falls back to `stopped` is asked for again, at most so often.
  private static let mostStarts = 3
  /// How long a stream whose start was accepted may be told as `stopped` before that is believed: longer than the
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
      // A person's retry starts anew.
      try await context.removeCheckpoints([Self.asked])
      throw stuck(state, after: passed, earlier.refusal)
    }
    var asked = earlier ?? Asked(time: WatchedTime(at: now), looks: 0, starts: 0)
    let isProgress = state != .stopped && asked.state != state.rawValue
    asked.state = state.rawValue
    if state == .stopped, isToBeAsked(asked, now) {
      // Written before asking: a repeated start is refused by the provider, a forgotten limit would wait for ever.
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

  /// Whether so many starts have ended in `stopped`, where the stream is now.
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
      // Somebody, perhaps an earlier request of ours, started it, and its state lags: no start of ours, and the next look
      // tells.
      asked.looks += 1
      asked.refusal = error.message
      context.note("the stream's state does not allow a start; looking again")
    } catch let error as ProviderError {
      // Neither an account out of order nor an outage must use up the stream's time. If it took effect all the same, the
      // state will tell.
      if earlier == nil { try await context.removeCheckpoints([Self.asked]) }
      throw error
    }
  }

  /// The provider's answers are a second old, and a start takes about a minute: 2 s, growing to 10 s.
  private func pause(_ looks: Int) -> Duration { .seconds(min(2 + looks, 10)) }

  /// Whether a refused start may be one of a stream that is on its way. The vendor's word is
  /// `ERR-422-InvalidStateChange`, but not of every version; the 409 of the limit is for what is made, not for starts.
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
