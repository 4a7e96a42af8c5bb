package import JobQueue

/// One attempt of a leased job in this worker's hands, from the lease to the end of its handler.
///
/// A handler ends by returning, by throwing, or, when it was told to stop and did not within ``gracePeriod``, by being left
/// to itself: then its result counts for nothing, and the fence keeps it from writing.
package actor RunningAttempt {
  /// Why an attempt is to stop.
  package enum Stop: Sendable, Hashable {
    /// A person called the job off.
    case cancelled
    /// The attempt took longer than this.
    case timeout(Duration)
    /// The worker ends.
    case shutdown
    /// Another worker may run the job now.
    case leaseLost
  }

  /// How an attempt ended.
  struct End: Sendable {
    /// What the handler gave; nil when it was never started or was left to itself.
    var result: Result<String, any Error>?
    /// Why it was told to stop, when it was.
    var stop: Stop?
  }

  /// How long a handler that was told to stop may take to do so.
  package static let gracePeriod: Duration = .seconds(5)

  package nonisolated let leased: LeasedJob
  nonisolated let startedAt: Timestamp
  /// The time limit of the attempt, which ``DeadlineWatcher`` keeps.
  nonisolated let timeout: Duration
  /// When the attempt has taken too long.
  nonisolated let endsAt: Timestamp
  private let clock: any QueueClock
  private var work: Task<Void, Never>?
  private var end: CheckedContinuation<Void, Never>?
  private var gracePeriod: Task<Void, Never>?
  /// From when on the handler is left to itself; nil while it was not told to stop.
  package private(set) var gracePeriodEnds: Timestamp?
  private var stop: Stop?
  private var result: Result<String, any Error>?
  private var isOver = false

  init(_ leased: LeasedJob, startedAt: Timestamp, timeout: Duration, clock: any QueueClock) {
    self.leased = leased
    self.startedAt = startedAt
    self.timeout = timeout
    endsAt = startedAt + timeout
    self.clock = clock
  }

  /// Runs `body`, unless the attempt was told to stop before.
  func perform(_ body: @escaping @Sendable () async throws -> String) async -> End {
    guard stop == nil else {
      isOver = true
      return End(result: nil, stop: stop)
    }
    // Owned by nobody on purpose: a handler that ignores its end is left to itself, and holds nothing up.
    work = Task {
      do {
        let output = try await body()
        self.finish(.success(output))
      } catch {
        self.finish(.failure(error))
      }
    }
    await withCheckedContinuation { end = $0 }
    return End(result: result, stop: stop)
  }

  /// Tells the handler to stop. The first reason counts, but a lost lease outweighs all others.
  package func stop(_ reason: Stop) {
    guard !isOver else { return }
    let isFirst = stop == nil
    if isFirst || reason == .leaseLost { stop = reason }
    guard isFirst, let work else { return }
    let deadline = clock.now() + Self.gracePeriod
    gracePeriodEnds = deadline
    work.cancel()
    gracePeriod = Task { [clock] in
      if (try? await clock.sleep(until: deadline)) != nil { self.abandon() }
    }
  }

  /// Leaves the handler to itself.
  package func abandon() {
    finish(nil)
  }

  private func finish(_ result: Result<String, any Error>?) {
    guard !isOver else { return }
    isOver = true
    self.result = result
    gracePeriod?.cancel()
    end?.resume()
    end = nil
  }
}
