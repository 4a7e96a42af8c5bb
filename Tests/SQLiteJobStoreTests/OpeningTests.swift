import Glibc
import JobQueue
import Testing

@testable import SQLiteJobStore

@Suite("Opening a store")
struct OpeningTests {
  private func failure(of path: String, _ options: SQLiteJobStore.Options = .init()) async throws -> JobStoreError {
    let error = await #expect(throws: JobStoreError.self) {
      let store = try await SQLiteJobStore.open(at: path, options: options)
      await store.close()
    }
    return try #require(error)
  }

  @Test("Whoever opens a new file at the same time gets the same store", arguments: 0..<8)
  func together(round: Int) async throws {
    let directory = try TemporaryDirectory()
    let path = directory.database
    let stores = try await withThrowingTaskGroup(of: SQLiteJobStore.self) { group in
      for _ in 0..<12 { group.addTask { try await SQLiteJobStore.open(at: path) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(stores.map(\.identity)).count == 1)
    for store in stores { _ = try await store.enqueue([NewJob(kind: "a")], at: at(0)) }
    try await #expect(stores[0].status().count(.ready) == 12)
    for store in stores { await store.close() }
  }

  @Test("Durability is on and was read back: full synchronisation, write-ahead log, foreign keys")
  func settings() async throws {
    try await withStore { store, _ in
      for thread in [store.writer, store.reader] {
        let settings = try await thread.perform("look") { connection in
          [
            try connection.value("PRAGMA synchronous", as: Int64.self).map { "\($0)" },
            try connection.value("PRAGMA journal_mode", as: String.self),
            try connection.value("PRAGMA foreign_keys", as: Int64.self).map { "\($0)" },
          ]
        }
        #expect(settings == ["2", "wal", "1"])
      }
    }
  }

  @Test("A log or shared memory that others may read is refused like the file itself", arguments: ["-wal", "-shm"])
  func exposedCompanion(suffix: String) async throws {
    let directory = try TemporaryDirectory()
    await (try SQLiteJobStore.open(at: directory.database)).close()
    try directory.write("queue.db" + suffix, [])
    chmod(directory.database + suffix, 0o644)
    let error = try await failure(of: directory.database)
    #expect(error.code == .exposed)
    #expect(error.hint == "chmod 600 \(directory.database)\(suffix)")
  }

  @Test("A link leads to the store, and commits made past the link are heard")
  func link() async throws {
    try await withStore { store, directory in
      let elsewhere = try TemporaryDirectory()
      let link = elsewhere.path + "/link.db"
      symlink(directory.database, link)
      let other = try await SQLiteJobStore.open(at: link)
      #expect(other.identity == store.identity)
      var wakeUps = other.wakeUps().makeAsyncIterator()
      _ = try await store.enqueue([NewJob(kind: "a")], at: at(0))
      #expect(await wakeUps.next() != nil)
      await other.close()
    }
  }

  @Test("A file that somebody makes at this very moment is no link that leads nowhere")
  func madeMeanwhile() async throws {
    let directory = try TemporaryDirectory()
    let path = directory.database
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for _ in 0..<20_000 {
          close(creat(path, 0o600))
          unlink(path)
        }
      }
      group.addTask { for _ in 0..<20_000 { _ = try StoreFile.locate(path, mustExist: false) } }
      try await group.waitForAll()
    }
  }

  @Test("A link that leads nowhere is an error, and nothing is made where it points")
  func deadLink() async throws {
    let directory = try TemporaryDirectory()
    symlink(directory.path + "/nowhere.db", directory.database)
    try await #expect(failure(of: directory.database).code == .unavailable)
    #expect(access(directory.path + "/nowhere.db", F_OK) != 0)
  }

  @Test("A directory is no store")
  func directory() async throws {
    let directory = try TemporaryDirectory()
    let error = try await failure(of: directory.path)
    #expect(error.code == .unavailable)
    #expect(error.target == directory.path)
  }

  @Test("A read-only store reads what is there and refuses to write")
  func readOnly() async throws {
    try await withStore { store, directory in
      let id = try await store.enqueue([NewJob(kind: "a")], at: at(0))[0].id
      var options = SQLiteJobStore.Options()
      options.readOnly = true
      let reader = try await SQLiteJobStore.open(at: directory.database, options: options)
      try await #expect(reader.jobs(JobQuery()).map(\.id) == [id])
      let error = await #expect(throws: JobStoreError.self) {
        try await reader.enqueue([NewJob(kind: "b")], at: at(0))
      }
      #expect(error?.code == .readOnly)
      try await #expect(store.status().count(.ready) == 1)
      await reader.close()
    }
  }

  @Test("A read-only store is not created, and an empty file stays empty")
  func readOnlyAndMissing() async throws {
    let directory = try TemporaryDirectory()
    var options = SQLiteJobStore.Options()
    options.readOnly = true
    try await #expect(failure(of: directory.database, options).code == .noSuchStore)
    #expect(access(directory.database, F_OK) != 0)
    try directory.write("queue.db", [])
    try await #expect(failure(of: directory.database, options).code == .unavailable)
    #expect(try directory.size(of: "queue.db") == 0)
  }

  // Root may write everything, so this can only be seen as somebody else.
  @Test("A file that this user may only read is refused for writing", .enabled(if: geteuid() != 0))
  func mayOnlyRead() async throws {
    let directory = try TemporaryDirectory()
    await (try SQLiteJobStore.open(at: directory.database)).close()
    chmod(directory.database, 0o400)
    try await #expect(failure(of: directory.database).code == .readOnly)
  }

  @Test("A file that was cut short is refused as damaged")
  func truncated() async throws {
    let directory = try TemporaryDirectory()
    let store = try await SQLiteJobStore.open(at: directory.database)
    _ = try await store.enqueue((0..<500).map { NewJob(kind: "a", payload: "\($0)") }, at: at(0))
    await store.close()
    let size = try directory.size(of: "queue.db")
    #expect(truncate(directory.database, size / 2) == 0)
    let error = await #expect(throws: JobStoreError.self) {
      let store = try await SQLiteJobStore.open(at: directory.database)
      do {
        _ = try await store.jobs(JobQuery(limit: 500))
        await store.close()
      } catch {
        await store.close()
        throw error
      }
    }
    #expect(error?.code == .corrupt)
  }

  @Test("Closing returns when the last connection is closed: the log is folded in and gone")
  func closing() async throws {
    let directory = try TemporaryDirectory()
    let store = try await SQLiteJobStore.open(at: directory.database)
    _ = store.wakeUps()
    _ = try await store.enqueue([NewJob(kind: "a")], at: at(0))
    #expect(access(directory.database + "-wal", F_OK) == 0)
    await store.close()
    #expect(access(directory.database + "-wal", F_OK) != 0)
    await store.close()
  }

  @Test("A store that is dropped unclosed lets go of its file", .timeLimit(.minutes(20)))
  func dropped() async throws {
    let directory = try TemporaryDirectory()
    do {
      let store = try await SQLiteJobStore.open(at: directory.database)
      _ = store.wakeUps()
      _ = try await store.enqueue([NewJob(kind: "a")], at: at(0))
    }
    while try directory.isOpen(in: "/proc/self/fd") {
      try Task.checkCancellation()
      await Task.yield()
    }
  }
}
