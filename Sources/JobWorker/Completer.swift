internal import JobQueue

/// Records how attempts ended. Whatever ends while a commit is under way goes into the next one together.
///
/// What could not be recorded is offered again until the store answers: a result is never dropped because of an outage,
/// and when another worker has the job by then, the fence says so.
actor Completer {
  static let batch = 200
  static let pauseAfterFailure: Duration = .seconds(1)

  struct Waiting {
    var completion: Completion
    let receipt = Latch<CompletionReceipt>()
  }

  private let store: any JobStore
  private let clock: any QueueClock
  private let outages: OutageLog
  private let bell = Bell()
  private(set) var waiting: [Waiting] = []

  init(store: any JobStore, clock: any QueueClock, outages: OutageLog) {
    self.store = store
    self.clock = clock
    self.outages = outages
  }

  /// Records the end of an attempt; returns when it is on disk or refused by the fence.
  func record(_ completion: Completion) async -> CompletionReceipt {
    let entry = Waiting(completion: completion)
    waiting.append(entry)
    await bell.ring()
    return await entry.receipt.wait()
  }

  /// Records everything that waits.
  func runOnce(now: Timestamp) async throws {
    while !waiting.isEmpty {
      let batch = Array(waiting.prefix(Self.batch))
      waiting.removeFirst(batch.count)
      do {
        try await write(batch, now: now)
      } catch {
        waiting.insert(contentsOf: batch, at: 0)
        throw error
      }
    }
  }

  func loop() async {
    while !Task.isCancelled {
      do {
        try await runOnce(now: clock.now())
        await outages.succeeded("complete")
        await bell.wait()
      } catch {
        if Task.isCancelled { return }
        await outages.failed("complete", error)
        try? await clock.sleep(for: Self.pauseAfterFailure)
      }
    }
  }

  private func write(_ batch: [Waiting], now: Timestamp) async throws {
    do {
      let receipts = try await store.complete(batch.map(\.completion), at: now)
      for (entry, receipt) in zip(batch, receipts) { await entry.receipt.open(receipt) }
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
      receipts = try await store.complete([Completion(lease: completion.lease, outcome: .dead(failure))], at: now)
    }
    if let receipt = receipts.first { await entry.receipt.open(receipt) }
  }
}
