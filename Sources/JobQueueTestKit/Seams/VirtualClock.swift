public import JobQueue
import Threading

/// A clock that stands still until it is moved.
///
/// ``advance(by:)`` means that time passes: sleepers wake. ``step(by:)`` means that the wall clock is set: sleepers
/// notice nothing, as with `SystemClock`.
public final class VirtualClock: QueueClock, Sendable {
  private struct Sleeper {
    var wakesAt: Int64
    var wake: CheckedContinuation<Void, any Error>
  }

  private struct State {
    /// Milliseconds that passed; never goes back.
    var passed: Int64 = 0
    /// What the wall clock shows at `passed == 0`.
    var origin: Int64
    var sleepers: [Int: Sleeper] = [:]
    var lastSleeper = 0
    var audience: [(count: Int, tell: CheckedContinuation<Void, Never>)] = []
  }

  private let state: MutexBox<State>

  /// Creates a clock that shows `start`.
  public init(_ start: Timestamp = Timestamp(milliseconds: 1_700_000_000_000)) {
    state = MutexBox(State(origin: start.milliseconds))
  }

  /// What the wall clock shows.
  public func now() -> Timestamp {
    state.withLock { Timestamp(milliseconds: $0.origin + $0.passed) }
  }

  /// The time that really passed since the clock was created, whatever the wall clock was set to.
  public var passed: Duration {
    state.withLock { .milliseconds($0.passed) }
  }

  /// How many tasks are asleep.
  public var sleepers: Int {
    state.withLock { $0.sleepers.count }
  }

  /// When the next sleeper wakes; nil if nobody sleeps.
  public var nextDeadline: Timestamp? {
    state.withLock { state in
      state.sleepers.values.map(\.wakesAt).min().map { Timestamp(milliseconds: state.origin + $0) }
    }
  }

  /// Lets time pass; wakes all sleepers that are due, earliest first.
  public func advance(by duration: Duration) {
    let due = state.withLock { state in
      state.passed += max(0, duration.wholeMilliseconds)
      let passed = state.passed
      let due = state.sleepers.filter { $0.value.wakesAt <= passed }
        .sorted { ($0.value.wakesAt, $0.key) < ($1.value.wakesAt, $1.key) }
      for (key, _) in due { state.sleepers[key] = nil }
      return due.map(\.value.wake)
    }
    for wake in due { wake.resume() }
  }

  /// Sets the wall clock forward or, by a negative duration, back; no time passes.
  public func step(by duration: Duration) {
    state.withLock { $0.origin += duration.wholeMilliseconds }
  }

  /// Returns when time has passed up to `deadline` as the wall clock shows it now.
  public func sleep(until deadline: Timestamp) async throws {
    try Task.checkCancellation()
    let key = state.withLock { state in
      state.lastSleeper += 1
      return state.lastSleeper
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { wake in admit(wake, as: key, until: deadline) }
    } onCancel: {
      state.withLock { $0.sleepers.removeValue(forKey: key) }?.wake.resume(throwing: CancellationError())
    }
  }

  /// Returns once at least `count` tasks are asleep: the time to advance without a race.
  public func untilSleeping(_ count: Int = 1) async {
    await withCheckedContinuation { tell in
      let enough = state.withLock { state in
        guard state.sleepers.count < count else { return true }
        state.audience.append((count, tell))
        return false
      }
      if enough { tell.resume() }
    }
  }

  private func admit(_ wake: CheckedContinuation<Void, any Error>, as key: Int, until deadline: Timestamp) {
    // A cancellation that came before the sleeper was registered found nobody to wake; so check once more, under the
    // lock.
    let verdict: (due: Bool, cancelled: Bool, tell: [CheckedContinuation<Void, Never>]) = state.withLock { state in
      let wakesAt = deadline.milliseconds.subtractingReportingOverflow(state.origin).partialValue
      if Task.isCancelled { return (false, true, []) }
      if wakesAt <= state.passed { return (true, false, []) }
      state.sleepers[key] = Sleeper(wakesAt: wakesAt, wake: wake)
      let satisfied = state.audience.filter { $0.count <= state.sleepers.count }.map(\.tell)
      state.audience.removeAll { $0.count <= state.sleepers.count }
      return (false, false, satisfied)
    }
    if verdict.cancelled { wake.resume(throwing: CancellationError()) }
    if verdict.due { wake.resume() }
    for tell in verdict.tell { tell.resume() }
  }
}
