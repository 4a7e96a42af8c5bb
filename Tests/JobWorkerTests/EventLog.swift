import JobWorker

/// What a worker told, in order; tests wait for what they need instead of sleeping.
actor EventLog {
  private(set) var all: [WorkerEvent] = []
  private nonisolated let stream: AsyncStream<WorkerEvent>
  private nonisolated let continuation: AsyncStream<WorkerEvent>.Continuation

  init() {
    (stream, continuation) = AsyncStream.makeStream()
    Task { [stream, weak self] in
      for await event in stream { await self?.add(event) }
    }
  }

  deinit { continuation.finish() }

  /// Hand this to a worker.
  nonisolated func listener() -> @Sendable (WorkerEvent) -> Void {
    { [continuation] in continuation.yield($0) }
  }

  /// Returns when `isMet` holds for everything told so far.
  func wait(until isMet: @Sendable ([WorkerEvent]) -> Bool) async {
    await eventually { isMet(all) }
  }

  /// Returns when `count` events fit.
  func wait(for count: Int = 1, _ fits: @escaping @Sendable (WorkerEvent) -> Bool) async {
    await wait { $0.filter(fits).count >= count }
  }

  func count(_ fits: (WorkerEvent) -> Bool) -> Int {
    all.filter(fits).count
  }

  private func add(_ event: WorkerEvent) {
    all.append(event)
  }
}

extension WorkerEvent {
  var isLeased: Bool { if case .leased = self { true } else { false } }
  var isRecorded: Bool { if case .recorded = self { true } else { false } }
  var isDropped: Bool { if case .dropped = self { true } else { false } }
  var isExtended: Bool { if case .extended = self { true } else { false } }
  var isReaped: Bool { if case .reaped = self { true } else { false } }
  var isDraining: Bool { if case .draining = self { true } else { false } }
}
