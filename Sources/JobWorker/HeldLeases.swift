package import JobQueue

/// The leases that this worker holds. A job keeps its slot from its lease until its end is recorded, and may leave it
/// to the job that was leased in the same commit.
package actor HeldLeases {
  private struct Entry {
    var attempt: RunningAttempt
    var expiresAt: Timestamp
    /// Whether another job has its slot already.
    var isReplaced = false
  }

  package nonisolated let limits: [String: Int]
  private let watch: WakeSignal
  /// The time that ``nextEnd(after:)`` last returned.
  private var watched: Timestamp?
  private var entries: [Lease: Entry] = [:]
  private var free: [String: Int]
  private var emptied: [CheckedContinuation<Void, Never>] = []
  /// Whether the worker has stopped leasing.
  private(set) var isClosed = false

  /// - Parameter watch: signalled if a new job ends before the time that ``nextEnd(after:)`` last returned.
  init(limits: [String: Int], watch: WakeSignal) {
    self.limits = limits
    self.watch = watch
    free = limits
  }

  /// How many jobs of each queue may be leased now; queues without a free slot are left out.
  func freeSlots() -> [LeaseRequest.QueueLimit] {
    guard !isClosed else { return [] }
    return free.filter { $0.value > 0 }.sorted { $0.key < $1.key }.map { .init(queue: $0.key, count: $0.value) }
  }

  /// The slots of jobs that are held; none once no more are to be leased.
  func slots(of leases: [Lease]) -> [LeaseRequest.QueueLimit] {
    guard !isClosed else { return [] }
    var counts: [String: Int] = [:]
    for lease in leases {
      if let queue = entries[lease]?.attempt.leased.job.queue { counts[queue, default: 0] += 1 }
    }
    return counts.sorted { $0.key < $1.key }.map { .init(queue: $0.key, count: $0.value) }
  }

  /// Adds jobs that were leased. After ``close()`` they are asked to stop before they start.
  ///
  /// - Parameter ended: jobs that free their slots by this, and will be released.
  func admit(_ attempts: [RunningAttempt], until expiresAt: Timestamp, inPlaceOf ended: [Lease] = []) async {
    for lease in ended {
      guard let place = entries.index(forKey: lease) else { continue }
      entries.values[place].isReplaced = true
      free[entries.values[place].attempt.leased.job.queue, default: 0] += 1
    }
    for attempt in attempts {
      entries[attempt.leased.lease] = Entry(attempt: attempt, expiresAt: expiresAt)
      free[attempt.leased.job.queue, default: 0] -= 1
    }
    let first = attempts.map { min(expiresAt, $0.endsAt) }.min()
    if let first, watched.map({ first < $0 }) ?? true { await watch.signal() }
    guard isClosed else { return }
    for attempt in attempts { await attempt.stop(.shutdown) }
  }

  /// Frees a job's slot.
  /// - Returns: whether to look for more work: a slot is free, or nothing is held any more.
  func release(_ lease: Lease) -> Bool {
    guard let entry = entries.removeValue(forKey: lease) else { return true }
    if !entry.isReplaced { free[entry.attempt.leased.job.queue, default: 0] += 1 }
    notifyIfEmpty()
    return entries.isEmpty || free.values.contains { $0 > 0 }
  }

  var isEmpty: Bool { entries.isEmpty }
  package var leases: [Lease] { Array(entries.keys) }
  package var attempts: [RunningAttempt] { entries.values.map(\.attempt) }

  func attempt(under lease: Lease) -> RunningAttempt? {
    entries[lease]?.attempt
  }

  /// Records that a lease now ends at `expiresAt`.
  func extend(_ lease: Lease, until expiresAt: Timestamp) {
    entries[lease]?.expiresAt = expiresAt
  }

  /// The attempts whose lease or time limit is over, with the reason to stop them.
  func attempts(overBy now: Timestamp) -> [(attempt: RunningAttempt, reason: RunningAttempt.Stop)] {
    entries.values.compactMap { entry in
      if entry.expiresAt <= now { return (entry.attempt, .leaseLost) }
      return entry.attempt.endsAt <= now ? (entry.attempt, .timeout(entry.attempt.timeout)) : nil
    }
  }

  /// When the first lease or time limit ends, apart from those that are over already.
  func nextEnd(after now: Timestamp) -> Timestamp? {
    watched = entries.values.lazy.flatMap { [$0.expiresAt, $0.attempt.endsAt] }.filter { $0 > now }.min()
    return watched
  }

  /// No more leases from now on.
  package func close() {
    isClosed = true
  }

  /// Returns when no lease is held.
  func whenEmpty() async {
    guard !entries.isEmpty else { return }
    await withCheckedContinuation { emptied.append($0) }
  }

  /// Forgets all leases, which then run out by themselves.
  func abandonAll() -> [LeasedJob] {
    let left = entries.values.map(\.attempt.leased)
    entries = [:]
    free = limits
    notifyIfEmpty()
    return left
  }

  private func notifyIfEmpty() {
    guard entries.isEmpty else { return }
    for waiter in emptied { waiter.resume() }
    emptied = []
  }
}
