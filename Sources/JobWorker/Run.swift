internal import JobQueue

/// One leased job in this worker's hands, from its lease to the end of its handler.
///
/// A handler ends by returning, by throwing, or, when it was told to stop and did not within ``patience``, by being left
/// to itself: then its result counts for nothing, and the fence keeps it from writing.
actor Run {
  /// Why a run is to stop.
  enum Stop: Sendable, Hashable {
    /// A person called the job off.
    case cancelled
    /// The attempt took longer than this.
    case timeout(Duration)
    /// The worker ends.
    case shutdown
    /// Another worker may run the job now.
    case leaseLost
  }

  /// How a run ended.
  struct End: Sendable {
    /// What the handler gave; nil when it was never started or was left to itself.
    var result: Result<String, any Error>?
    /// Why it was told to stop, when it was.
    var stop: Stop?
  }

  /// How long a handler that was told to stop may take to do so.
  static let patience: Duration = .seconds(5)

  nonisolated let leased: LeasedJob
  nonisolated let startedAt: Timestamp
  private let clock: any QueueClock
  private let ended = Latch<Void>()
  private var work: Task<String, any Error>?
  private var timers: [Task<Void, Never>] = []
  private var stop: Stop?
  private var result: Result<String, any Error>?
  private var isOver = false

  init(_ leased: LeasedJob, startedAt: Timestamp, clock: any QueueClock) {
    self.leased = leased
    self.startedAt = startedAt
    self.clock = clock
  }

  /// Runs `body` for at most `timeout`, unless the run was told to stop before.
  func perform(timeout: Duration, _ body: @escaping @Sendable () async throws -> String) async -> End {
    guard stop == nil else {
      isOver = true
      return End(result: nil, stop: stop)
    }
    let work = Task { try await body() }
    self.work = work
    Task { await self.finish(await work.result) }
    after(timeout) { await $0.stop(.timeout(timeout)) }
    await ended.wait()
    return End(result: result, stop: stop)
  }

  /// Tells the handler to stop. The first reason counts, but a lost lease outweighs all others.
  func stop(_ reason: Stop) {
    guard !isOver else { return }
    let isFirst = stop == nil
    if isFirst || reason == .leaseLost { stop = reason }
    guard isFirst, let work else { return }
    work.cancel()
    after(Self.patience) { await $0.abandon() }
  }

  /// Leaves the handler to itself.
  func abandon() async {
    await finish(nil)
  }

  private func finish(_ result: Result<String, any Error>?) async {
    guard !isOver else { return }
    isOver = true
    self.result = result
    for timer in timers { timer.cancel() }
    timers = []
    await ended.open(())
  }

  private func after(_ delay: Duration, _ body: @escaping @Sendable (Run) async -> Void) {
    let deadline = clock.now() + delay
    timers.append(
      Task { [clock] in
        do { try await clock.sleep(until: deadline) } catch { return }
        await body(self)
      })
  }
}
