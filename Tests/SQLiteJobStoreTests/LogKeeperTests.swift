import Glibc
import JobQueue
import Testing
import Threading

@testable import SQLiteJobStore

@Suite("The log of a queue file")
struct LogKeeperTests {
  private func rewrites(of store: SQLiteJobStore) -> Int {
    guard case .writing(let keeper) = store.writer.mode else { return -1 }
    return keeper.rewrites
  }

  @Test("is written anew before anything stands on frames that nobody is known to have synced, and only then")
  func others() async throws {
    try await withStore { store, directory in
      _ = try await store.enqueue([NewJob(kind: "a")], at: at(0))
      let second = try await SQLiteJobStore.open(at: directory.database)
      _ = try await second.enqueue([NewJob(kind: "a")], at: at(1))
      _ = try await store.enqueue([NewJob(kind: "a")], at: at(2))
      // Each found the other's mark.
      #expect(rewrites(of: store) == 0)
      #expect(rewrites(of: second) == 0)
      // A program that leaves none.
      try RawDatabase.execute("CREATE TABLE theirs (a)", in: directory.database)
      _ = try await second.enqueue([NewJob(kind: "a")], at: at(3))
      _ = try await store.enqueue([NewJob(kind: "a")], at: at(4))
      #expect(rewrites(of: second) == 1)
      #expect(rewrites(of: store) == 0)
      #expect(try RawDatabase.rows(of: "PRAGMA integrity_check", in: directory.database) == [["ok"]])
      try await #expect(store.status().count(.ready) == 5)
      await second.close()
    }
  }

  @Test("may be shorter than a mark says that outlived the power: its jobs are there, and more are taken in")
  func shorterThanMark() async throws {
    let (live, directory) = (try TemporaryDirectory(), try TemporaryDirectory())
    var options = SQLiteJobStore.Options()
    options.machineStart = 1
    let store = try await SQLiteJobStore.open(at: live.database, options: options)
    _ = try await store.enqueue([NewJob(kind: "a")], at: at(0))
    let log = try live.read("queue.db-wal")
    _ = try await store.enqueue([NewJob(kind: "lost")], at: at(1))
    // What the power left: the file, a log without its last commit, and the mark that tells of it.
    for (name, bytes) in [("queue.db", try live.read("queue.db")), ("queue.db-wal", log)] {
      try directory.write(name, bytes)
    }
    let nodes = ["", "-wal"].map { FileStatus.identity(at: live.database + $0)?.node }
    let mark = QueueMark.moved(try live.read("queue.db-turn")) { node in
      nodes.firstIndex(of: node).map { directory.database + ["", "-wal"][$0] }
    }
    try directory.write("queue.db-turn", mark)
    await store.close()

    options.machineStart = 2
    let next = try await SQLiteJobStore.open(at: directory.database, options: options)
    #expect(try await next.status().count(.ready) == 1)
    _ = try await next.enqueue([NewJob(kind: "b")], at: at(2))
    #expect(try await next.status().count(.ready) == 2)
    await next.close()
  }

  @Test("is copied into the file when it has grown, and never grows on")
  func grown() async throws {
    try await withStore { store, directory in
      for number in 0..<400 {
        _ = try await store.enqueue([NewJob(kind: "a", payload: "\"\(number)\"")], at: at(number))
      }
      // A thousand frames are four megabytes; the last transaction may go past them.
      #expect(try directory.size(of: "queue.db-wal") < 6 << 20)
      #expect(try directory.size(of: "queue.db") > 100 << 10)
    }
  }

  @Test("whose folder cannot be synced acknowledges nothing; the next sync that succeeds does")
  func folder() async throws {
    let directory = try TemporaryDirectory()
    let disk = FailingFolder()
    var options = SQLiteJobStore.Options()
    options.syncFolder = { _ in disk.sync() }
    await #expect(throws: JobStoreError.self) {
      await (try SQLiteJobStore.open(at: directory.database, options: options)).close()
    }
    // The file is there now, with its tables; that its name is on disk nobody knows yet.
    let store = try await SQLiteJobStore.open(at: directory.database, options: options)
    let error = await #expect(throws: JobStoreError.self) { try await store.enqueue([NewJob(kind: "a")], at: at(0)) }
    #expect(error?.code == .outcomeUnknown)
    #expect(error?.cause.contains("is unknown whether") == true)
    disk.mend()
    _ = try await store.enqueue([NewJob(kind: "a")], at: at(1))
    let synced = disk.count
    _ = try await store.enqueue([NewJob(kind: "a")], at: at(2))
    let second = try await SQLiteJobStore.open(at: directory.database, options: options)
    _ = try await second.enqueue([NewJob(kind: "a")], at: at(3))
    #expect(disk.count == synced)
    await second.close()
    await store.close()
  }
}

// @unchecked is sound: `isBroken` and `number` are touched only while `lock` is held.
private final class FailingFolder: @unchecked Sendable {
  private let lock = Lock()
  private var isBroken = true
  private var number = 0
  var count: Int { lock.locked { number } }
  func mend() { lock.locked { isBroken = false } }
  func sync() -> Int32 {
    lock.locked {
      number += 1
      errno = EIO
      return isBroken ? -1 : 0
    }
  }
}
