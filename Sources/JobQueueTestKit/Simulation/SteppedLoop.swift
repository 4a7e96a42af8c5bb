import JobQueue
import JobWorker

/// The real loop of one of a worker's duties: it runs once when the run wakes it, and then stands still until the next
/// time.
actor SteppedLoop {
  /// The loop that the running task belongs to.
  @TaskLocal static var current: SteppedLoop?

  private enum Event {
    /// It sleeps for this long.
    case asleep(Duration)
    case ended
  }

  private var task: Task<Void, Never>?
  private var sleeper: CheckedContinuation<Void, any Error>?
  private var listener: CheckedContinuation<Event, Never>?
  private var untold: [Event] = []
  private var isCancelled = false

  /// Starts it.
  /// - Returns: how long it sleeps before its first run; nil if it has ended.
  func start(_ body: @escaping @Sendable () async -> Void) async -> Duration? {
    task = Task {
      await Self.$current.withValue(self) { await body() }
      notify(.ended)
    }
    return await pause()
  }

  /// Wakes it.
  /// - Returns: how long it sleeps after its run; nil if it has ended.
  func turn() async -> Duration? {
    guard let sleeper else { return nil }
    self.sleeper = nil
    sleeper.resume()
    return await pause()
  }

  /// Cancels it, and returns when it has ended.
  func end() async {
    isCancelled = true
    task?.cancel()
    sleeper?.resume(throwing: CancellationError())
    sleeper = nil
    await task?.value
  }

  /// The sleep of the loop itself.
  func sleep(for duration: Duration) async throws {
    guard !isCancelled else { throw CancellationError() }
    try await withCheckedThrowingContinuation { sleeper in
      self.sleeper = sleeper
      notify(.asleep(duration))
    }
  }

  private func pause() async -> Duration? {
    let event: Event =
      untold.isEmpty ? await withCheckedContinuation { listener = $0 } : untold.removeFirst()
    if case .asleep(let duration) = event { return duration }
    return nil
  }

  private func notify(_ event: Event) {
    guard let listener else { return untold.append(event) }
    self.listener = nil
    listener.resume(returning: event)
  }
}

/// A duty in such a loop. Tasks that it starts, such as the grace period of a handler, do not sleep on its behalf.
/// Signals do not wake it, because whoever sends one continues at the same time; the run wakes it early instead.
struct SteppedDuty: Duty {
  let base: any Duty

  var name: String { base.name }
  var period: Duration { base.period }
  var periodAfterFailure: Duration { base.periodAfterFailure }
  var delay: Duration { base.delay }
  var phase: DutyPhase { base.phase }
  var wake: WakeSignal? { nil }

  func runOnce(now: Timestamp) async throws -> Timestamp? {
    try await SteppedLoop.$current.withValue(nil) { try await base.runOnce(now: now) }
  }
}
