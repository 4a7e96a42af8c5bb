import HTTPTransport
import JobQueue
import WowzaVideoClient

/// Starts a live stream and sees it through to `started`.
///
/// The state decides each step, so a lost answer or a crash at any point costs one more look and nothing else.
struct LiveStreamStart {
  let video: WowzaVideoClient
  let id: String
  /// How long a start may take.
  let limit: Duration
  let context: JobContext

  private struct Asked: Codable {
    var at: Timestamp
    var looks: Int
    var starts: Int
    /// The state that was seen last.
    var state: String?
  }

  private static let asked = "start-asked"
  /// A start that falls back to `stopped` is asked for again, at most so often.
  private static let mostStarts = 3

  /// `started`, or a snooze until the next look.
  func started() async throws -> String {
    let earlier = try await context.checkpoint(Self.asked, as: Asked.self)
    let state = try await video.liveStreamState(id).state
    if state == .started { return state.rawValue }
    let now = context.clock.now()
    if let earlier, now - earlier.at >= limit || state == .stopped && earlier.starts >= Self.mostStarts {
      // A person's retry starts anew.
      try await context.removeCheckpoints([Self.asked])
      throw stuck(state, after: now - earlier.at)
    }
    var asked = earlier ?? Asked(at: now, looks: 0, starts: 0)
    let isNew = asked.state != state.rawValue
    asked.state = state.rawValue
    if state == .stopped {
      asked.starts += 1
      asked.looks = 0
      // Written before asking: a repeated start is refused by the provider, a forgotten limit would wait for ever.
      try await context.checkpoint(Self.asked, asked)
      try await start(asked)
    } else {
      asked.looks += 1
      try await context.checkpoint(Self.asked, asked, isProgress: isNew)
    }
    throw JobSignal.snooze(
      for: pause(asked.looks), why: "live stream \(id) is \(state.rawValue), waiting for started")
  }

  private func start(_ asked: Asked) async throws {
    do {
      _ = try await video.startLiveStream(id)
    } catch let error as ProviderError where error.code == "ERR-422-InvalidStateChange" {
      // Somebody, perhaps an earlier request of ours, started it: the next look tells.
      context.note("the start was refused because of the stream's state; looking again")
    } catch let error as ProviderError where !error.mayHaveTakenEffect {
      try await takeBack(asked)
      throw error
    }
  }

  /// A start that surely did not happen counts for nothing: an account out of order must not use up the stream's time.
  private func takeBack(_ asked: Asked) async throws {
    guard asked.starts > 1 else { return try await context.removeCheckpoints([Self.asked]) }
    var before = asked
    before.starts -= 1
    try await context.checkpoint(Self.asked, before)
  }

  /// The provider's answers are a second old, and a start takes about a minute: 2 s, growing to 10 s.
  private func pause(_ looks: Int) -> Duration { .seconds(min(2 + looks, 10)) }

  private func stuck(_ state: LiveStreamState, after duration: Duration) -> JobSignal {
    .dead(
      Failure(
        code: "start-stuck",
        message:
          "live stream \(id) is '\(state.rawValue)' \(duration.components.seconds) s after its start was asked for",
        hint: "look at it in the account; it was left as it is. Retry the job to wait again"))
  }
}
