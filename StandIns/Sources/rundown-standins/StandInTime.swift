import FoundationEssentials

/// The only source of time of the stand-ins, so that a test can move it by hand.
struct StandInTime: Sendable {
  /// The current time.
  let now: @Sendable () -> Date
  /// Waits this many seconds; throws `CancellationError` if the task is cancelled.
  let sleep: @Sendable (Double) async throws -> Void

  /// The machine's clock.
  static let wall = StandInTime(
    now: { Date() },
    sleep: { try await Task.sleep(for: .seconds($0)) })

  /// The form in which Wowza Video writes a time: UTC with milliseconds.
  static func text(_ date: Date) -> String {
    date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }
}
