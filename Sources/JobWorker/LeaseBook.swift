internal import JobQueue

/// The leases that this worker holds. A job keeps its slot from the lease until its end is recorded, and may leave it to
/// the job that was leased with the same commit.
actor LeaseBook {
  private struct Entry {
    var run: Run
    var expiresAt: Timestamp
    /// Whether another job has its slot already.
    var isReplaced = false
  }

  private let limits: [String: Int]
  private let watch: Bell
  /// The moment that ``nextEnd(after:)`` told last.
  private var watched: Timestamp?
  private var entries: [Lease: Entry] = [:]
  private var free: [String: Int]
  private var emptied: [CheckedContinuation<Void, Never>] = []
  /// Whether the worker leases no more.
  private(set) var isClosed = false

  /// - Parameter watch: rung when a job is taken in that ends before the moment that ``nextEnd(after:)`` told last.
  init(limits: [String: Int], watch: Bell) {
    self.limits = limits
    self.watch = watch
    free = limits
  }

  /// How many jobs of each queue may be leased now; queues without a free slot are left out.
  func freeSlots() -> [LeaseRequest.QueueLimit] {
    guard !isClosed else { return [] }
    return free.filter { $0.value > 0 }.sorted { $0.key < $1.key }.map { .init(queue: $0.key, count: $0.value) }
  }

  /// The slots of jobs that are held; none when no more are to be leased.
  func slots(of leases: [Lease]) -> [LeaseRequest.QueueLimit] {
    guard !isClosed else { return [] }
    var counts: [String: Int] = [:]
    for lease in leases {
      if let queue = entries[lease]?.run.leased.job.queue { counts[queue, default: 0] += 1 }
    }
    return counts.sorted { $0.key < $1.key }.map { .init(queue: $0.key, count: $0.value) }
  }

  /// Takes in jobs that were leased. After ``close()`` they are told to stop before they start.
  ///
  /// - Parameter ended: jobs that give their slots free by this, and will be released.
  func admit(_ runs: [Run], until expiresAt: Timestamp, inPlaceOf ended: [Lease] = []) async {
    for lease in ended {
      guard let queue = entries[lease]?.run.leased.job.queue else { continue }
      entries[lease]?.isReplaced = true
      free[queue, default: 0] += 1
    }
    for run in runs {
      entries[run.leased.lease] = Entry(run: run, expiresAt: expiresAt)
      free[run.leased.job.queue, default: 0] -= 1
    }
    let first = runs.map { min(expiresAt, $0.endsAt) }.min()
    if let first, watched.map({ first < $0 }) ?? true { await watch.ring() }
    guard isClosed else { return }
    for run in runs { await run.stop(.shutdown) }
  }

  /// Gives a job's slot free.
  func release(_ lease: Lease) {
    guard let entry = entries.removeValue(forKey: lease) else { return }
    if !entry.isReplaced { free[entry.run.leased.job.queue, default: 0] += 1 }
    tellIfEmpty()
  }

  var isEmpty: Bool { entries.isEmpty }
  var leases: [Lease] { Array(entries.keys) }
  var runs: [Run] { entries.values.map(\.run) }

  func run(_ lease: Lease) -> Run? {
    entries[lease]?.run
  }

  /// Notes that a lease now ends at `expiresAt`.
  func extend(_ lease: Lease, until expiresAt: Timestamp) {
    entries[lease]?.expiresAt = expiresAt
  }

  /// The runs whose lease or whose time limit is over, with the reason to stop them.
  func runs(overBy now: Timestamp) -> [(run: Run, reason: Run.Stop)] {
    entries.values.compactMap { entry in
      if entry.expiresAt <= now { return (entry.run, .leaseLost) }
      return entry.run.endsAt <= now ? (entry.run, .timeout(entry.run.timeout)) : nil
    }
  }

  /// When the first lease or time limit ends; those that are over already are left out.
  func nextEnd(after now: Timestamp) -> Timestamp? {
    watched = entries.values.lazy.flatMap { [$0.expiresAt, $0.run.endsAt] }.filter { $0 > now }.min()
    return watched
  }

  /// No more leases from now on.
  func close() {
    isClosed = true
  }

  /// Returns when no lease is held.
  func whenEmpty() async {
    guard !entries.isEmpty else { return }
    await withCheckedContinuation { emptied.append($0) }
  }

  /// Forgets all leases: they run out by themselves.
  func abandonAll() -> [LeasedJob] {
    let left = entries.values.map(\.run.leased)
    entries = [:]
    free = limits
    tellIfEmpty()
    return left
  }

  private func tellIfEmpty() {
    guard entries.isEmpty else { return }
    for waiter in emptied { waiter.resume() }
    emptied = []
  }
}
