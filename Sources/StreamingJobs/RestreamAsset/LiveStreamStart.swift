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
  }

  private static let asked = "start-asked"
  /// A start that falls back to `stopped` is asked for again, at most so often.
  private static let mostStarts = 3

  /// `started`, or a snooze until the next look.
  func started() async throws -> String {
    var asked = try await context.checkpoint(Self.asked, as: Asked.self)
    let state = try await video.liveStreamState(id).state.rawValue
    if state == "started" { return state }
    let now = context.clock.now()
    if let asked, now - asked.at >= limit { throw stuck(state, after: now - asked.at) }
    if state == "stopped" {
      if let asked, asked.starts >= Self.mostStarts { throw stuck(state, after: now - asked.at) }
      // Written before asking: a repeated start is refused by the provider, a forgotten limit would wait for ever.
      asked = Asked(at: asked?.at ?? now, looks: 0, starts: (asked?.starts ?? 0) + 1)
      try await context.checkpoint(Self.asked, asked)
      try await start()
    } else {
      let looks = (asked?.looks ?? 0) + 1
      asked = Asked(at: asked?.at ?? now, looks: looks, starts: asked?.starts ?? 0)
      try await context.checkpoint(Self.asked, asked)
    }
    throw JobSignal.snooze(for: pause(asked?.looks ?? 0), why: "live stream \(id) is \(state), waiting for started")
  }

  private func start() async throws {
    do {
      _ = try await video.startLiveStream(id)
    } catch let error as ProviderError where error.code == "ERR-422-InvalidStateChange" {
      // Somebody, perhaps an earlier request of ours, started it: the next look tells.
      context.note("the start was refused because of the stream's state; looking again")
    }
  }

  /// The provider's answers are a second old, and a start takes about a minute: 2 s, growing to 10 s.
  private func pause(_ looks: Int) -> Duration { .seconds(min(2 + looks, 10)) }

  private func stuck(_ state: String, after duration: Duration) -> JobSignal {
    .dead(
      Failure(
        code: "start-stuck",
        message: "live stream \(id) is '\(state)' \(duration.components.seconds) s after its start was asked for",
        hint: "look at it in the account; it was left as it is. Retry the job to wait again"))
  }
}
