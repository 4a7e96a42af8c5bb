import Glibc
import JobQueue
import Testing

@testable import SQLiteJobStore

@Suite("The queue file")
struct StoreFileTests {
  private func failure(of path: String, _ options: SQLiteJobStore.Options = .init()) async throws -> JobStoreError {
    let error = await #expect(throws: JobStoreError.self) {
      let store = try await SQLiteJobStore.open(at: path, options: options)
      await store.close()
    }
    return try #require(error)
  }

  @Test("The file, its log and its shared memory are readable by their owner only, whatever the umask")
  func modes() async throws {
    let old = umask(0)
    defer { umask(old) }
    try await withStore { store, directory in
      _ = try await store.enqueue([NewJob(kind: "a")], at: at(0))
      try #expect(directory.mode(of: "queue.db") == 0o600)
      try #expect(directory.mode(of: "queue.db-wal") == 0o600)
      try #expect(directory.mode(of: "queue.db-shm") == 0o600)
    }
  }

  @Test("A file that others may read is refused, with the command that mends it", arguments: [0o640, 0o604, 0o660])
  func exposed(mode: UInt32) async throws {
    let directory = try TemporaryDirectory()
    await (try SQLiteJobStore.open(at: directory.database)).close()
    chmod(directory.database, mode)
    let error = try await failure(of: directory.database)
    #expect(error.code == .exposed)
    let orShared = mode == 0o660 ? ", or set storeGroup to the group that shares it" : ""
    #expect(error.hint == "chmod 600 \(directory.database)\(orShared)")
  }

  @Test(
    "A file that others may read and that is no queue is not to be made private: it is another file",
    arguments: ["Dear Ana,", String(repeating: "not a queue ", count: 1_000)])
  func exposedAndForeign(text: String) async throws {
    let directory = try TemporaryDirectory()
    try directory.write("queue.db", Array(text.utf8))
    chmod(directory.database, 0o644)
    let error = try await failure(of: directory.database)
    #expect(error.code == .corrupt && error.cause == "this is not a Rundown queue file")
    #expect(error.hint?.contains("chmod") == false)
    try directory.write("queue.db", [])
    try RawDatabase.execute("CREATE TABLE theirs (a)", in: directory.database)
    chmod(directory.database, 0o644)
    #expect(try await failure(of: directory.database).code == .corrupt)
  }

  @Test("A file that others may read is known for a queue also while another store has it open, and goes on working")
  func exposedAndOpen() async throws {
    try await withStore { store, directory in
      chmod(directory.database, 0o644)
      #expect(try await failure(of: directory.database).code == .exposed)
      chmod(directory.database, 0o600)
      _ = try await store.enqueue([NewJob(kind: "a")], at: at(0))
    }
  }

  @Test("An empty file is no queue to whoever only looks, and nothing is left beside it")
  func empty() async throws {
    let directory = try TemporaryDirectory()
    try directory.write("queue.db", [])
    chmod(directory.database, 0o600)
    var options = SQLiteJobStore.Options()
    options.mustExist = true
    let error = try await failure(of: directory.database, options)
    #expect(error.code == .noSuchStore && error.cause.contains("empty"))
    #expect(try directory.size(of: "queue.db") == 0)
    #expect(access(directory.database + "-turn", F_OK) != 0)
    await (try SQLiteJobStore.open(at: directory.database)).close()
    await (try SQLiteJobStore.open(at: directory.database, options: options)).close()
  }

  @Test("A file of a newer program is refused and left as it is")
  func tooNew() async throws {
    let directory = try TemporaryDirectory()
    await (try SQLiteJobStore.open(at: directory.database)).close()
    try RawDatabase.execute("PRAGMA user_version = 9999", in: directory.database)
    let error = try await failure(of: directory.database)
    #expect(error.code == .tooNew)
    #expect(error.cause.contains("9999"))
  }

  @Test("A database of another program is refused and left as it is")
  func notOurs() async throws {
    let directory = try TemporaryDirectory()
    try directory.write("queue.db", [])
    try RawDatabase.execute("CREATE TABLE theirs (a)", in: directory.database)
    let error = try await failure(of: directory.database)
    #expect(error.code == .corrupt)
    try RawDatabase.execute("INSERT INTO theirs VALUES (1)", in: directory.database)
  }

  @Test("A file that is no database at all is refused")
  func garbage() async throws {
    let directory = try TemporaryDirectory()
    try directory.write("queue.db", [UInt8](repeating: 0x61, count: 8192))
    try await #expect(failure(of: directory.database).code == .corrupt)
  }

  @Test("A damaged page is an error of its own kind, never a wrong answer")
  func damaged() async throws {
    let directory = try TemporaryDirectory()
    let store = try await SQLiteJobStore.open(at: directory.database)
    let jobs = (0..<2000).map { NewJob(kind: "a", payload: #"{"number":\#($0)}"#) }
    _ = try await store.enqueue(jobs, at: at(0))
    await store.close()
    try RawDatabase.execute("PRAGMA wal_checkpoint(TRUNCATE)", in: directory.database)
    let file = open(directory.database, O_WRONLY)
    let size = lseek(file, 0, SEEK_END)
    let noise = [UInt8](repeating: 0xA5, count: Int(size) - 3 * 4096)
    pwrite(file, noise, noise.count, 3 * 4096)
    close(file)
    let error = await #expect(throws: JobStoreError.self) {
      let store = try await SQLiteJobStore.open(at: directory.database)
      do {
        _ = try await store.jobs(JobQuery(limit: 5000))
        await store.close()
      } catch {
        await store.close()
        throw error
      }
    }
    #expect(error?.code == .corrupt)
  }

  @Test("A missing file is said so when it must exist, and not created")
  func missing() async throws {
    let directory = try TemporaryDirectory()
    var options = SQLiteJobStore.Options()
    options.mustExist = true
    let error = try await failure(of: directory.database, options)
    #expect(error.code == .noSuchStore)
    #expect(error.hint != nil)
    #expect(access(directory.database, F_OK) != 0)
  }

  @Test("A missing directory is said so")
  func missingDirectory() async throws {
    let error = try await failure(of: "/nonexistent-directory/queue.db")
    #expect(error.code == .unavailable)
    #expect(error.hint == "create the folder first")
  }

  @Test("A full disk refuses the write and loses nothing that was acknowledged")
  func full() async throws {
    let directory = try TemporaryDirectory()
    var options = SQLiteJobStore.Options()
    options.maximumPages = 60
    let store = try await SQLiteJobStore.open(at: directory.database, options: options)
    var acknowledged = 0
    let error = await #expect(throws: JobStoreError.self) {
      while true {
        let receipts = try await store.enqueue(
          [NewJob(kind: "a", payload: "\"" + String(repeating: "x", count: 20_000) + "\"")], at: at(0))
        acknowledged += receipts.count
      }
    }
    #expect(error?.code == .full)
    #expect(acknowledged > 0)
    try await #expect(store.jobs(JobQuery(limit: 1000)).count == acknowledged)
    try await #expect(store.status().count(.ready) == acknowledged)
    await store.close()
  }

  @Test("What was acknowledged is there when the file is opened again, under the same identity")
  func reopened() async throws {
    let directory = try TemporaryDirectory()
    let first = try await SQLiteJobStore.open(at: directory.database)
    let id = try await first.enqueue([NewJob(kind: "a")], at: at(0))[0].id
    await first.close()
    let second = try await SQLiteJobStore.open(at: directory.database)
    #expect(second.identity == first.identity)
    #expect(first.identity.count == 32)
    try await #expect(second.jobs(JobQuery()).map(\.id) == [id])
    await second.close()
  }

  @Test("Two files have different identities")
  func identities() async throws {
    try await withStore { one, _ in
      try await withStore { other, _ in
        #expect(one.identity != other.identity)
      }
    }
  }

  @Test("A closed store refuses every verb")
  func closed() async throws {
    let directory = try TemporaryDirectory()
    let store = try await SQLiteJobStore.open(at: directory.database)
    await store.close()
    let error = await #expect(throws: JobStoreError.self) { _ = try await store.status() }
    #expect(error?.code == .unavailable)
  }
}
