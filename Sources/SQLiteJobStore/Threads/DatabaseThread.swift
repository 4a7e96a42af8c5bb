import JobQueue
import Threading

// @unchecked is sound: `connection` is touched by the one thread that `start` makes and, before that thread exists, by
// the caller of `init`; everything else locks itself.
/// A thread with a connection of its own: SQLite blocks, and the cooperative pool must not.
final class DatabaseThread: @unchecked Sendable {
  /// How the thread works off what waits.
  enum Mode {
    /// Everything that waits goes into one transaction and one commit; each operation can fail alone. Processes take
    /// turns.
    case writing(LogKeeper)
    /// Each operation sees one unchanging view of the files that were opened.
    case reading(SidecarFiles)
  }

  /// At most so many operations share a commit, so that the first does not wait for long.
  private static let largestGroup = 1000

  private let path: String
  private let connection: Connection
  let mode: Mode
  private let mailbox = Mailbox<QueuedOperation>()
  private let ended = Latch<Void>()
  private let jobsMayBeReady: @Sendable () -> Void
  private let counter = Counter()

  /// How many transactions were committed for writing; for tests of shared commits.
  var commits: Int { counter.value }

  /// How many operations wait; for tests of shared commits.
  var waiting: Int { mailbox.count }

  init(_ connection: Connection, mode: Mode, jobsMayBeReady: @escaping @Sendable () -> Void = {}) {
    self.path = connection.path
    self.connection = connection
    self.mode = mode
    self.jobsMayBeReady = jobsMayBeReady
  }

  /// Starts the thread. It holds this object until the mailbox is closed and empty.
  func start() throws {
    try DedicatedThread.start(for: path) { [self] in
      work()
      if case .writing(let log) = mode { log.close() } else { connection.close() }
      ended.open()
    }
  }

  /// Runs an operation on the thread and returns when it is committed.
  ///
  /// - Parameters:
  ///   - wakes: whether jobs may be ready afterwards that were not before.
  ///   - fastPath: tried first, outside of any transaction: an answer makes `body` needless and takes no write lock.
  ///   - body: what to do; it may run more than once, but at most one run is committed.
  func perform<Result: Sendable>(
    _ operation: String, wakes: Bool = false,
    fastPath: @escaping @Sendable (Connection) throws -> Result? = { _ in nil },
    _ body: @escaping @Sendable (Connection) throws -> Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      let work = QueuedOperation(
        operation, path: path, wakes: wakes, fastPath: fastPath, body: body, resume: { continuation.resume(with: $0) })
      if !mailbox.put(work) { continuation.resume(throwing: QueuedOperation.closed(operation, path)) }
    }
  }

  /// Takes no more operations; the thread ends when those that wait are worked off.
  func letGo() { mailbox.close() }

  /// Lets what waits be worked off; returns when the connection is closed.
  func close() async {
    letGo()
    await ended.wait()
  }

  private func work() {
    switch mode {
    case .writing(let log):
      while let group = mailbox.take(limit: Self.largestGroup) {
        guard isInPlace(for: group) else { continue }
        let left = group.filter { !$0.isAnswered(by: connection) }
        if !left.isEmpty { write(left, log) }
      }
    case .reading:
      while let group = mailbox.take(limit: 1) {
        if isInPlace(for: group) { read(group) }
      }
    }
  }

  /// Whether the file still lies at its path; if not, those who ask for something are told so.
  private func isInPlace(for group: [QueuedOperation]) -> Bool {
    guard let replaced else { return true }
    if case .writing(let log) = mode { log.setAside() }
    for work in group { work.finish(failure: replaced) }
    return false
  }

  /// The error when the file, or what SQLite keeps beside it, lies no more at its path.
  private var replaced: JobStoreError? {
    switch mode {
    case .writing(let log): log.replaced()
    case .reading(let place): LogKeeper.replaced(path, place.look().place)
    }
  }

  private func write(_ waiting: [QueuedOperation], _ log: LogKeeper) {
    do {
      try log.turn.take()
    } catch {
      for work in waiting { work.finish(failure: error) }
      return
    }
    // What came while others wrote shares this commit.
    let group = waiting + mailbox.takeNow(limit: Self.largestGroup - waiting.count)
    // Whoever opens the file needs the turn: as it lies now, nobody changes it until the turn is given back, but for who
    // does so by hand.
    let failures = log.replaced().map { replaced in group.map { _ in replaced } } ?? commit(group, log)
    log.turn.giveBack()
    for (work, failure) in zip(group, failures) { work.finish(failure: failure) }
  }

  /// - Returns: for each operation the error that spoiled its commit, if one did.
  private func commit(_ group: [QueuedOperation], _ log: LogKeeper) -> [(any Error)?] {
    log.showLog()
    let before = connection.totalChanges
    do {
      try connection.writeTransaction {
        try log.beforeWriting()
        if group.count > 1 {
          for work in group { try connection.savepoint { try work.run(on: connection) } }
        } else {
          try group[0].run(on: connection)
        }
        if connection.totalChanges != before { try log.beforeCommit() }
      }
      try log.afterCommit()
    } catch is TransactionLost {
      // One of them ended the transaction of all; by itself each gets the answer that it deserves.
      return group.flatMap { commit([$0], log) }
    } catch {
      return group.map { _ in error }
    }
    counter.increment()
    // Between the look before and the commit somebody may have taken the file away: then nobody will ever find what
    // was committed, and it must not be acknowledged.
    if let replaced = log.replaced(afterWriting: true) { return group.map { _ in replaced } }
    do {
      try connection.readTransaction { try LogKeeper.requireOwnLog(of: connection, afterWriting: true) }
    } catch let replaced as JobStoreError {
      return group.map { _ in replaced }
    } catch {
      // What is on disk stays so when it cannot be read just now.
    }
    log.checkpointWhenLarge()
    if connection.totalChanges != before, group.contains(where: \.wakes) { jobsMayBeReady() }
    return group.map { _ in nil }
  }

  private func read(_ group: [QueuedOperation]) {
    for work in group {
      do {
        try connection.readTransaction {
          try LogKeeper.requireOwnLog(of: connection)
          try work.run(on: connection)
        }
        // What was read while files were exchanged may be of two of them.
        work.finish(failure: replaced)
      } catch {
        work.finish(failure: replaced ?? error)
      }
    }
  }
}

// @unchecked is sound: `count` is touched only while `lock` is held.
/// A number that one thread raises and any other reads.
final class Counter: @unchecked Sendable {
  private let lock = Lock()
  private var count = 0

  var value: Int { lock.locked { count } }

  func increment() { lock.locked { count += 1 } }
}
