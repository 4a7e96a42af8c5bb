internal import JobQueue

/// Records how attempts ended. Whatever ends while a commit is under way goes into the next one together, and with it the
/// leases of the jobs that come next.
///
/// What could not be recorded is offered again until the store answers: a result is never dropped because of an outage,
/// and when another worker has the job by then, the fence says so.
actor Completer {
  static let batch = 200
  /// How many loops record at once: while one commit is on its way to the disk, the next one is put together.
  static let lanes = 2
  static let pauseAfterFailure: Duration = .seconds(1)

  struct Waiting {
    let completion: Completion
    let receipt: CheckedContinuation<CompletionReceipt, Never>
  }

  private let store: any JobStore
  private let clock: any QueueClock
  private let outages: OutageLog
  /// The loops that have nothing to do.
  private var idle: [CheckedContinuation<Void, Never>] = []
  private(set) var waiting: [Waiting] = []

  init(store: any JobStore, clock: any QueueClock, outages: OutageLog) {
    self.store = store
    self.clock = clock
    self.outages = outages
  }

  /// Records the end of an attempt; returns when it is on disk or refused by the fence.
  func record(_ completion: Completion) async -> CompletionReceipt {
    await withCheckedContinuation { receipt in
      waiting.append(Waiting(completion: completion, receipt: receipt))
      wake()
    }
  }

  /// Records everything that waits.
  /// - Parameter intake: fills the slots again; nil to lease nothing.
  /// - Returns: whether there was anything: else the store has not shown that it answers.
  @discardableResult
  func runOnce(now: Timestamp, refilling intake: Intake? = nil) async throws -> Bool {
    var hasWritten = false
    while !waiting.isEmpty {
      let batch = Array(waiting.prefix(Self.batch))
      waiting.removeFirst(batch.count)
      do {
        try await write(batch, now: now, refilling: intake)
        hasWritten = true
      } catch {
        waiting.insert(contentsOf: batch, at: 0)
        throw error
      }
    }
    return hasWritten
  }

  func loop(refilling intake: Intake) async {
    while !Task.isCancelled {
      do {
        if try await runOnce(now: clock.now(), refilling: intake) { await outages.succeeded("complete") }
        await waitForWork()
      } catch {
        if Task.isCancelled { return }
        await outages.failed("complete", error)
        try? await clock.sleep(for: Self.pauseAfterFailure)
      }
    }
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

  private func write(_ batch: [Waiting], now: Timestamp, refilling intake: Intake?) async throws {
    let completions = batch.map(\.completion)
    do {
      let receipts: [CompletionReceipt]
      if let intake, let request = await intake.refill(for: completions.map(\.lease)) {
        let leased: [LeasedJob]
        (receipts, leased) = try await store.complete(completions, thenLease: request, at: now)
        await intake.take(leased, leasedAt: now, inPlaceOf: completions.map(\.lease))
      } else {
        receipts = try await store.complete(completions, at: now)
      }
      for (entry, receipt) in zip(batch, receipts) { entry.receipt.resume(returning: receipt) }
    } catch let error as JobStoreError where error.code == .invalid {
      // One result that no store takes must not hold up the others, nor itself be offered for ever.
      for entry in batch { try await writeAlone(entry, now: now) }
    }
  }

  private func writeAlone(_ entry: Waiting, now: Timestamp) async throws {
    let completion = entry.completion
    let receipts: [CompletionReceipt]
    do {
      receipts = try await store.complete([completion], at: now)
    } catch let error as JobStoreError where error.code == .invalid {
      let failure = Failure(code: "result-refused", message: "the store does not take the result: \(error)")
      let refused = Completion(
        lease: completion.lease, outcome: .dead(failure), isAnswered: completion.provesAnAnswer)
      receipts = try await store.complete([refused], at: now)
    }
    if let receipt = receipts.first { entry.receipt.resume(returning: receipt) }
  }
}
