import Glibc
import JobQueue
import Testing

@testable import SQLiteJobStore

/// Operations that are known to share a commit: the writer is held until all of them wait.
@Suite("Groups of writes")
struct GroupTests {
  /// Runs operations while the writer is held, so that they become one group.
  private func together(_ store: SQLiteJobStore, _ operations: [@Sendable () async throws -> Void]) async throws
    -> [Result<Void, any Error>]
  {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw SystemFailure(number: errno) }
    let (reading, writing) = (ends[0], ends[1])
    defer { close(reading) }
    let (inHand, taken) = AsyncStream.makeStream(of: Void.self)
    async let held: Void = store.writer.perform("hold") { _ in
      taken.finish()
      var byte: UInt8 = 0
      _ = read(reading, &byte, 1)
    }
    for await _ in inHand {}
    let results = await withTaskGroup(of: (Int, Result<Void, any Error>).self) { group in
      for (number, operation) in operations.enumerated() {
        group.addTask {
          do { return (number, .success(try await operation())) } catch { return (number, .failure(error)) }
        }
      }
      while store.writer.waiting < operations.count { await Task.yield() }
      close(writing)
      return await group.reduce(into: [Int: Result<Void, any Error>]()) { $0[$1.0] = $1.1 }
    }
    try await held
    return operations.indices.compactMap { results[$0] }
  }

  private func failed(_ result: Result<Void, any Error>) -> JobStoreError? {
    if case .failure(let error) = result { error as? JobStoreError } else { nil }
  }

  @Test("Writes that wait together are one commit")
  func oneCommit() async throws {
    try await withStore { store, _ in
      let before = store.writer.commits
      let results = try await together(
        store, Array(repeating: { _ = try await store.enqueue([NewJob(kind: "a")], at: at(0)) }, count: 100))
      #expect(results.allSatisfy { failed($0) == nil })
      // One of what held the writer, one of all the others.
      #expect(store.writer.commits - before == 2)
      try await #expect(store.status().count(.ready) == 100)
    }
  }

  @Test("A bad operation is undone and told alone")
  func alone() async throws {
    try await withStore { store, _ in
      let results = try await together(
        store,
        [
          { _ = try await store.enqueue([NewJob(kind: "a")], at: at(0)) },
          {
            let jobs = [NewJob(kind: "bad"), NewJob(kind: "bad", parents: [.job(JobID(999))])]
            _ = try await store.enqueue(jobs, at: at(0))
          },
          { _ = try await store.enqueue([NewJob(kind: "b")], at: at(0)) },
        ])
      #expect(results.map { failed($0)?.code } == [nil, .noSuchParent, nil])
      try await #expect(store.jobs(JobQuery()).map(\.kind).sorted() == ["a", "b"])
    }
  }

  @Test("An operation that takes the transaction along spoils none of its neighbours")
  func transactionLost() async throws {
    try await withStore { store, _ in
      let results = try await together(
        store,
        [
          { _ = try await store.enqueue([NewJob(kind: "a")], at: at(0)) },
          {
            // What SQLite does by itself when the disk is full.
            try await store.writer.perform("break") { connection in
              try connection.execute("ROLLBACK")
              throw JobStoreError(code: .full, operation: "break", target: "disk", cause: "no space")
            }
          },
          { _ = try await store.enqueue([NewJob(kind: "b")], at: at(0)) },
        ])
      #expect(results.map { failed($0)?.code } == [nil, .full, nil])
      try await #expect(store.jobs(JobQuery()).map(\.kind).sorted() == ["a", "b"])
      try await #expect(store.status().count(.ready) == 2)
    }
  }

  @Test("When the commit itself fails, every operation is told and none has happened")
  func commitFails() async throws {
    try await withStore { store, _ in
      let results = try await together(
        store,
        [
          { _ = try await store.enqueue([NewJob(kind: "a")], at: at(0)) },
          {
            // A foreign key that is looked at by COMMIT only.
            try await store.writer.perform("break") { connection in
              try connection.execute("PRAGMA defer_foreign_keys = ON; INSERT INTO checkpoint VALUES (999, 'k', '1')")
            }
          },
        ])
      #expect(results.allSatisfy { failed($0) != nil })
      try await #expect(store.jobs(JobQuery()).isEmpty)
      _ = try await store.enqueue([NewJob(kind: "b")], at: at(1))
      try await #expect(store.jobs(JobQuery()).map(\.kind) == ["b"])
    }
  }

  @Test("Looking for work where there is none commits nothing")
  func idle() async throws {
    try await withStore { store, _ in
      _ = try await store.enqueue([NewJob(kind: "a", queue: "other"), NewJob(kind: "b", runAt: at(90))], at: at(0))
      let before = store.writer.commits
      try await #expect(store.leaseOne(at: at(1)) == nil)
      try await #expect(store.promoteDue(at: at(1), limit: 10).count == 0)
      try await #expect(store.reap(gone: [worker], crashLimit: 3, limit: 10, at: at(1)).isEmpty)
      try await #expect(store.prune(finishedBefore: at(1), limit: 10) == 0)
      #expect(store.writer.commits == before)
    }
  }

  @Test("A file that stays locked is an error when the busy timeout has passed, and no error once it is free")
  func busy() async throws {
    let directory = try TemporaryDirectory()
    var options = SQLiteJobStore.Options()
    options.busyTimeout = .milliseconds(20)
    let store = try await SQLiteJobStore.open(at: directory.database, options: options)
    let busyHandler = BusyHandler(limit: .zero, random: SystemRandom(), pause: BlockingSleep.sleep)
    let other = try Connection(path: directory.database, busyHandler: busyHandler)
    try other.execute("BEGIN IMMEDIATE")
    let error = await #expect(throws: JobStoreError.self) { try await store.enqueue([NewJob(kind: "a")], at: at(0)) }
    #expect(error?.code == .busy)
    #expect(error?.operation == "enqueue")
    try await #expect(store.jobs(JobQuery()).isEmpty)
    try other.execute("ROLLBACK")
    _ = try await store.enqueue([NewJob(kind: "a")], at: at(0))
    other.close()
    await store.close()
  }
}
