package import JobQueue

/// The workers of a queue file: which are running, which died, and which queues nobody serves.
package struct WorkerReport: Sendable {
  /// Ready jobs of a queue that no running worker serves.
  package struct UnservedQueue: Sendable, Hashable {
    package var queue: String
    package var ready: Int

    /// `no running worker serves queue uploads, where 2 jobs are ready`
    package var sentence: String { "no running worker serves queue \(queue), where \(WorkerReport.jobs(ready)) ready" }
  }

  /// Workers that are running, or may be.
  package let living: [WorkerRecord]
  /// Workers whose process is gone, or that have not been heard from for too long.
  package let dead: [WorkerRecord]
  /// By name.
  package let unserved: [UnservedQueue]

  /// Creates a report from a status.
  package init(_ status: QueueStatus, lives: (WorkerRecord) -> Bool) {
    living = status.workers.filter(lives)
    dead = status.workers.filter { !lives($0) }
    let served = Set(living.flatMap(\.queues))
    unserved = status.counts.compactMap { queue, counts in
      let ready = counts[JobState.ready.rawValue] ?? 0
      return ready > 0 && !served.contains(queue) ? UnservedQueue(queue: queue, ready: ready) : nil
    }.sorted { $0.queue < $1.queue }
  }

  /// What keeps ready jobs from running, one sentence each.
  /// - Parameter queues: only these queues; nil for all.
  package func warnings(of queues: Set<String>? = nil, _ times: TimeFormat) -> [String] {
    let unserved = unserved.filter { queues?.contains($0.queue) ?? true }
    guard !unserved.isEmpty else { return [] }
    let died = dead.map { "worker \($0.id) died; last heard from at \(last($0, times))" }
    guard !living.isEmpty else {
      let ready = unserved.reduce(0) { $0 + $1.ready }
      return died + ["\(Self.jobs(ready)) ready, and no worker is running: start one with rundown worker"]
    }
    return died
      + unserved.map { "\($0.sentence): start one with \(start($0))" }
  }

  /// The command that serves a queue; it serves all queues if no worker is running at all.
  package func start(_ queue: UnservedQueue) -> String {
    living.isEmpty ? "rundown worker" : "rundown worker --queues \(queue.queue)"
  }

  private func last(_ worker: WorkerRecord, _ times: TimeFormat) -> String {
    "\(times.clock(worker.seenAt)) (\(times.relative(worker.seenAt)))"
  }

  fileprivate static func jobs(_ count: Int) -> String { count == 1 ? "1 job is" : "\(count) jobs are" }
}
