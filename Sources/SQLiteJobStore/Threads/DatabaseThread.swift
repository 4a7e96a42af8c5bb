import JobQueue
import Threading

// @unchecked is sound: `connection` is touched only by the one thread that `start` creates and, before that thread
// exists, by the caller of `init`; everything else locks itself.
/// A thread with a connection of its own: SQLite blocks, and the cooperative pool must not.
final class DatabaseThread: @unchecked Sendable {
  /// How the thread processes waiting operations.
  enum Mode {
    /// All waiting operations go into one transaction and one commit; each can fail alone. Processes take turns.
    case writing(LogKeeper)
    /// Each operation sees one unchanging view of the files that were opened.
    case reading(SidecarFiles)
  }

  /// The maximum number of operations that share a commit, so that the first does not wait long.
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

  /// Starts the thread. It keeps this object alive until the mailbox is closed and empty.
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
  ///   - fastPath: tried first, outside any transaction: if it returns an answer, `body` is not needed and no write
  ///     lock is taken.
  ///   - body: the operation; it may run more than once, but at most one run is committed.
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

  /// Accepts no more operations; the thread ends when the waiting ones have been processed.
  func letGo() { mailbox.close() }

  /// Processes the waiting operations; returns when the connection is closed.
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

  /// Whether the file is still at its path; if not, the waiting operations fail with that error.
  private func isInPlace(for group: [QueuedOperation]) -> Bool {
    guard let replaced else { return true }
    if case .writing(let log) = mode { log.setAside() }
    for work in group { work.finish(failure: replaced) }
    return false
  }

  /// The error if the file, or what SQLite keeps beside it, is no longer at its path.
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
    // Operations that arrived while others wrote share this commit.
    let group = waiting + mailbox.takeNow(limit: Self.largestGroup - waiting.count)
    // Opening the file requires the turn: nobody changes the files until the turn is given back, except by hand.
    let failures = log.replaced().map { replaced in group.map { _ in replaced } } ?? commit(group, log)
    log.turn.giveBack()
    for (work, failure) in zip(group, failures) { work.finish(failure: failure) }
  }

  /// - Returns: for each operation the error that its commit failed with, if it did.
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
      // One of them ended the transaction of all; run alone, each gets its own result.
      return group.flatMap { commit([$0], log) }
    } catch {
      return group.map { _ in error }
    }
    counter.increment()
    // Between the look before and the commit somebody may have taken the file away: then nobody will ever find what was
    // committed, and it must not be acknowledged.
    if let replaced = log.replaced(afterWriting: true) { return group.map { _ in replaced } }
    do {
      try connection.readTransaction { try LogKeeper.requireOwnLog(of: connection, afterWriting: true) }
    } catch let replaced as JobStoreError {
      return group.map { _ in replaced }
    } catch {
      // The data is on disk even if it cannot be read at the moment.
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
        // Data read while files were being exchanged may come from two of them.
        work.finish(failure: replaced)
      } catch {
        work.finish(failure: replaced ?? error)
      }
    }
  }
}

// @unchecked is sound: `count` is touched only while `lock` is held.
/// A number that one thread increments and any other reads.
final class Counter: @unchecked Sendable {
  private let lock = Lock()
  private var count = 0

  var value: Int { lock.locked { count } }

  func increment() { lock.locked { count += 1 } }
}
