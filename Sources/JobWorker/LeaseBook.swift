internal import JobQueue

/// The leases that this worker holds. A job keeps its slot from the lease until its end is recorded.
actor LeaseBook {
  private struct Entry {
    var run: Run
    var expiresAt: Timestamp
  }

  private let limits: [String: Int]
  private var entries: [Lease: Entry] = [:]
  private var emptied: [CheckedContinuation<Void, Never>] = []
  /// Whether the worker leases no more.
  private(set) var isClosed = false

  init(limits: [String: Int]) {
    self.limits = limits
  }

  /// How many jobs of each queue may be leased now; queues without a free slot are left out.
  func freeSlots() -> [LeaseRequest.QueueLimit] {
    guard !isClosed else { return [] }
    var free = limits
    for lease in entries.values { free[lease.run.leased.job.queue, default: 0] -= 1 }
    return free.filter { $0.value > 0 }.sorted { $0.key < $1.key }.map { .init(queue: $0.key, count: $0.value) }
  }

  /// Takes in a job that was leased. After ``close()`` it is told to stop before it starts.
  func admit(_ run: Run, until expiresAt: Timestamp) async {
    entries[run.leased.lease] = Entry(run: run, expiresAt: expiresAt)
    if isClosed { await run.stop(.shutdown) }
  }

  /// Gives a job's slot free.
  func release(_ lease: Lease) {
    entries[lease] = nil
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

  /// The runs whose leases could not be extended in time.
  func runs(expiredBy now: Timestamp) -> [Run] {
    entries.values.filter { $0.expiresAt <= now }.map(\.run)
  }

  /// The first lease end after `now`.
  func nextExpiry(after now: Timestamp) -> Timestamp? {
    entries.values.map(\.expiresAt).filter { $0 > now }.min()
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
    tellIfEmpty()
    return left
  }

  private func tellIfEmpty() {
    guard entries.isEmpty else { return }
    for waiter in emptied { waiter.resume() }
    emptied = []
  }
}
