import FoundationEssentials
import Synchronization

/// The time of the stand-ins: the machine's until it is set. From then on it only changes when it is set, so that a
/// test in another process can move it.
final class StandInClock: Sendable {
  private struct Sleeper {
    var wakesAt: Date
    var wake: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var shown: Date?
    var sleepers: [Int: Sleeper] = [:]
    var lastSleeper = 0
  }

  private let former: StandInTime
  private let state = Mutex(State())

  /// Follows `former` until it is set.
  init(until former: StandInTime) {
    self.former = former
  }

  /// The time that the stand-ins use.
  var time: StandInTime { StandInTime(now: { self.now() }, sleep: { try await self.sleep($0) }) }

  /// Sets the time, and wakes everyone who waited for it. A sleep that started before the clock was first set follows
  /// the machine's time.
  func set(_ date: Date) {
    let due = state.withLock { state in
      state.shown = date
      let due = state.sleepers.filter { $0.value.wakesAt <= date }.sorted { $0.value.wakesAt < $1.value.wakesAt }
      for (key, _) in due { state.sleepers[key] = nil }
      return due.map(\.value.wake)
    }
    for wake in due { wake.resume() }
  }

  private func now() -> Date { state.withLock { $0.shown } ?? former.now() }

  private func sleep(_ seconds: Double) async throws {
    let key: Int? = state.withLock { state in
      guard state.shown != nil else { return nil }
      state.lastSleeper += 1
      return state.lastSleeper
    }
    guard let key else { return try await former.sleep(seconds) }
    let wakesAt = now().addingTimeInterval(seconds)
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { wake in admit(wake, as: key, until: wakesAt) }
    } onCancel: {
      state.withLock { $0.sleepers.removeValue(forKey: key) }?.wake.resume(throwing: CancellationError())
    }
  }

  private func admit(_ wake: CheckedContinuation<Void, any Error>, as key: Int, until wakesAt: Date) {
    enum Reply { case sleeps, due, cancelled }
    let answer: Reply = state.withLock { state in
      // An earlier cancellation found nobody to wake, so check again, under the lock.
      if Task.isCancelled { return .cancelled }
      if let shown = state.shown, shown >= wakesAt { return .due }
      state.sleepers[key] = Sleeper(wakesAt: wakesAt, wake: wake)
      return .sleeps
    }
    switch answer {
    case .sleeps: break
    case .due: wake.resume()
    case .cancelled: wake.resume(throwing: CancellationError())
    }
  }
}
