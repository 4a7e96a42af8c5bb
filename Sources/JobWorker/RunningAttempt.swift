package import JobQueue

/// One attempt of a job leased by this worker, from the lease to the end of its handler.
///
/// A handler ends by returning, by throwing or, if it was asked to stop and did not do so within ``gracePeriod``, by
/// being abandoned: then its result counts for nothing, and the fence keeps it from writing.
package actor RunningAttempt {
  /// Why an attempt is to stop.
  package enum Stop: Sendable, Hashable {
    /// An operator cancelled the job.
    case cancelled
    /// The attempt took longer than this.
    case timeout(Duration)
    /// The worker is shutting down.
    case shutdown
    /// Another worker may run the job now.
    case leaseLost
  }

  /// How an attempt ended.
  struct End: Sendable {
    /// What the handler returned or threw; nil if it was never started or was abandoned.
    var result: Result<String, any Error>?
    /// Why it was asked to stop, if it was.
    var stop: Stop?
  }

  /// How long a handler that was asked to stop may take to do so.
  package static let gracePeriod: Duration = .seconds(5)

  package nonisolated let leased: LeasedJob
  nonisolated let startedAt: Timestamp
  /// The time limit of the attempt, which ``DeadlineWatcher`` enforces.
  nonisolated let timeout: Duration
  /// When the attempt has taken too long.
  nonisolated let endsAt: Timestamp
  private let clock: any QueueClock
  private var work: Task<Void, Never>?
  private var end: CheckedContinuation<Void, Never>?
  private var gracePeriod: Task<Void, Never>?
  /// When the handler is abandoned; nil while it has not been asked to stop.
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

  /// Runs `body`, unless the attempt was asked to stop before.
  func perform(_ body: @escaping @Sendable () async throws -> String) async -> End {
    guard stop == nil else {
      isOver = true
      return End(result: nil, stop: stop)
    }
    // Deliberately unowned: a handler that ignores the request to stop is abandoned, and holds nothing up.
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

  /// Asks the handler to stop. The first reason counts, but a lost lease overrides all others.
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

  /// Abandons the handler.
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
