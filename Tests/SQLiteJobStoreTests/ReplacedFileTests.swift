import Glibc
import JobQueue
import SQLiteJobStore
import Testing

@Suite("A queue file that is taken away while it is open")
struct ReplacedFileTests {
  private func failure(of verb: () async throws -> Void) async throws -> JobStoreError {
    try #require(await #expect(throws: JobStoreError.self) { try await verb() })
  }

  @Test("is written to and read from no more", arguments: [false, true])
  func gone(another: Bool) async throws {
    try await withStore { store, directory in
      _ = try await store.enqueue([NewJob(kind: "a")], at: at(0))
      let old = "\(directory.path)/old.db"
      for suffix in ["", "-wal", "-shm"] { rename(directory.database + suffix, old + suffix) }
      if another {
        let other = try await SQLiteJobStore.open(at: directory.database)
        await other.close()
      }
      for error in [
        try await failure { _ = try await store.enqueue([NewJob(kind: "b")], at: at(1)) },
        // Nothing is ready at the old place: also an answer that needs no write would be one about the wrong file.
        try await failure { _ = try await store.lease(LeaseRequest(owner: worker, limits: []), at: at(1)) },
        try await failure { _ = try await store.status() },
      ] {
        #expect(error.code == .replaced)
        #expect(error.target == directory.database)
      }
      #expect(try RawDatabase.rows(of: "SELECT kind FROM job", in: old) == [["a"]])
    }
  }

  @Test(
    "lets nobody write to a log that was taken away; what was acknowledged goes to the file",
    arguments: ["-wal", "-shm"])
  func companion(suffix: String) async throws {
    let directory = try TemporaryDirectory()
    let store = try await SQLiteJobStore.open(at: directory.database)
    _ = try await store.enqueue([NewJob(kind: "a")], at: at(0))
    unlink(directory.database + suffix)
    let error = try await failure { _ = try await store.enqueue([NewJob(kind: "b")], at: at(1)) }
    #expect(error.code == .replaced)
    #expect(error.cause.contains("-wal or -shm"))
    await store.close()
    #expect(try RawDatabase.rows(of: "SELECT kind FROM job", in: directory.database) == [["a"]])
  }

  @Test("does not spoil with its log the file that came into its place")
  func overwritten() async throws {
    let other = try TemporaryDirectory()
    let second = try await SQLiteJobStore.open(at: other.database)
    _ = try await second.enqueue([NewJob(kind: "b"), NewJob(kind: "c")], at: at(0))
    await second.close()
    try await withStore { store, directory in
      _ = try await store.enqueue((0..<200).map { _ in NewJob(kind: "a") }, at: at(0))
      rename(other.database, directory.database)
      #expect(try await failure { _ = try await store.status() }.code == .replaced)
      #expect(try await failure { _ = try await store.prune(finishedBefore: at(1), limit: 1) }.code == .replaced)
      // While the former one is still open, and when it is closed.
      let kinds = try RawDatabase.rows(of: "SELECT kind FROM job ORDER BY id", in: directory.database)
      #expect(kinds == [["b"], ["c"]])
      await store.close()
      #expect(try RawDatabase.rows(of: "PRAGMA integrity_check", in: directory.database) == [["ok"]])
    }
  }

  @Test("is used again when it is put back")
  func putBack() async throws {
    try await withStore { store, directory in
      let old = "\(directory.path)/old.db"
      rename(directory.database, old)
      #expect(try await failure { _ = try await store.status() }.code == .replaced)
      rename(old, directory.database)
      let receipts = try await store.enqueue([NewJob(kind: "a")], at: at(0))
      #expect(receipts.count == 1)
    }
  }
}
