package import JobQueue

/// Records how attempts ended. Whatever ends while a commit is under way goes into the next commit, together with the
/// leases of the next jobs, which are passed on to ``LeasedJobs``.
///
/// What could not be recorded is offered again until the store answers: a result is never dropped because of an outage.
/// If another worker has the job by then, the fence says so.
package actor Completer {
  static let batch = 200
  /// How many loops record at the same time: while one commit is on its way to the disk, the next one is prepared.
  static let lanes = 2
  static let pauseAfterFailure: Duration = .seconds(1)

  package struct Waiting {
    package let completion: Completion
    let receipt: CheckedContinuation<CompletionReceipt?, Never>
  }

  private let store: any LeaseStore
  private let clock: any QueueClock
  private let health: StoreHealth
  /// The idle loops.
  private var idle: [CheckedContinuation<Void, Never>] = []
  package private(set) var waiting: [Waiting] = []
  private var isAbandoned = false

  init(store: any LeaseStore, clock: any QueueClock, health: StoreHealth) {
    self.store = store
    self.clock = clock
    self.health = health
  }

  /// Records the end of an attempt; returns when it is on disk or refused by the fence, or without a receipt if the
  /// worker ended first.
  func record(_ completion: Completion) async -> CompletionReceipt? {
    guard !isAbandoned else { return nil }
    return await withCheckedContinuation { receipt in
      waiting.append(Waiting(completion: completion, receipt: receipt))
      wake()
    }
  }

  /// Records everything that waits.
  /// - Parameter leasedJobs: fills the slots again; nil to lease nothing.
  /// - Returns: whether there was anything to record; if not, nothing is known about whether the store answers.
  @discardableResult
  package func runOnce(now: Timestamp, refilling leasedJobs: LeasedJobs? = nil) async throws -> Bool {
    var hasWritten = false
    while !waiting.isEmpty {
      let batch = takeBatch()
      do {
        try await write(batch, now: now, refilling: leasedJobs)
        hasWritten = true
      } catch {
        waiting.insert(contentsOf: batch, at: 0)
        if isAbandoned { abandon() }
        throw error
      }
    }
    return hasWritten
  }

  func loop(refilling leasedJobs: LeasedJobs) async {
    while !Task.isCancelled {
      do {
        if try await runOnce(now: clock.now(), refilling: leasedJobs) { await health.succeeded("complete") }
        await waitForWork()
      } catch {
        if Task.isCancelled { return }
        let failure = clock.now()
        await health.failed("complete", error)
        try? await clock.sleep(for: Self.pauseAfterFailure, since: failure)
      }
    }
  }

  /// Stops recording: whoever waits continues without a receipt.
  package func abandon() {
    isAbandoned = true
    for entry in waiting { entry.receipt.resume(returning: nil) }
    waiting = []
  }

  private func takeBatch() -> [Waiting] {
    // Usually all of them; then nothing is copied.
    guard waiting.count > Self.batch else {
      defer {
        waiting = []
        waiting.reserveCapacity(Self.batch)
      }
      return waiting
    }
    defer { waiting.removeFirst(Self.batch) }
    return Array(waiting.prefix(Self.batch))
  }

  private func waitForWork() async {
    guard waiting.isEmpty else { return }
    await withTaskCancellationHandler {
      await withCheckedContinuation { idle.append($0) }
    } onCancel: {
      Task { await self.wakeAll() }
    }
  }

  private func wake() {
    idle.popLast()?.resume()
  }

  private func wakeAll() {
    for waiter in idle { waiter.resume() }
    idle = []
  }

  private func write(_ batch: [Waiting], now: Timestamp, refilling leasedJobs: LeasedJobs?) async throws {
    let completions = batch.map(\.completion)
    do {
      let receipts: [CompletionReceipt]
      let leases = completions.map(\.lease)
      if let leasedJobs, let request = await leasedJobs.refill(for: leases) {
        let leased: [LeasedJob]
        (receipts, leased) = try await store.complete(completions, thenLease: request, at: now)
        await leasedJobs.take(leased, leasedAt: now, inPlaceOf: leases)
      } else {
        receipts = try await store.complete(completions, at: now)
      }
      for (entry, receipt) in zip(batch, receipts) { entry.receipt.resume(returning: receipt) }
    } catch let error as JobStoreError where error.code == .invalid {
      // A result that the store does not accept must not hold up the others, nor be offered forever.
      for entry in batch { try await writeAlone(entry, now: now) }
    }
  }

  private func writeAlone(_ entry: Waiting, now: Timestamp) async throws {
    let completion = entry.completion
    let receipts: [CompletionReceipt]
    do {
      receipts = try await store.complete([completion], at: now)
    } catch let error as JobStoreError where error.code == .invalid {
      let failure = Failure(code: "result-refused", message: "the store does not accept the result: \(error)")
      let refused = Completion(
        lease: completion.lease, outcome: .dead(failure), isAnswered: completion.provesAnAnswer)
      receipts = try await store.complete([refused], at: now)
    }
    if let receipt = receipts.first { entry.receipt.resume(returning: receipt) }
  }
}
