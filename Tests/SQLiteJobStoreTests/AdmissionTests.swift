import Glibc
import JobQueue
import Testing
import Threading

@testable import SQLiteJobStore

@Suite("What lies beside a queue file")
struct AdmissionTests {
  private let directory: TemporaryDirectory
  private var path: String { directory.database }

  init() throws { directory = try TemporaryDirectory() }

  private func failure(readOnly: Bool = false, mustExist: Bool = false) async throws -> JobStoreError {
    var options = SQLiteJobStore.Options()
    options.patience = .milliseconds(50)
    options.readOnly = readOnly
    options.mustExist = mustExist
    let error = await #expect(throws: JobStoreError.self) {
      let store = try await SQLiteJobStore.open(at: path, options: options)
      await store.close()
    }
    return try #require(error)
  }

  /// A file whose last process died with jobs in the log.
  private func leaveLog() async throws {
    let live = try TemporaryDirectory()
    let store = try await SQLiteJobStore.open(at: live.database)
    _ = try await store.enqueue([NewJob(kind: "a")], at: at(0))
    // As one moment left them: a copy, with a mark that names the copies.
    for suffix in ["", "-wal"] { try directory.write("queue.db" + suffix, try live.read("queue.db" + suffix)) }
    await store.close()
    let place = try #require(Companions(of: path))
    let turn = try TurnFile.open(beside: path)
    try turn.leave(QueueMark(of: place, start: MachineStart.current))
    turn.close()
  }

  @Test("Its own log is read, also with no index and no mark", arguments: [false, true])
  func own(withMark: Bool) async throws {
    try await leaveLog()
    if !withMark { unlink(path + "-turn") }
    let store = try await SQLiteJobStore.open(at: path)
    try await #expect(store.status().count(.ready) == 1)
    await store.close()
  }

  @Test("The whole set may be moved and used elsewhere")
  func moved() async throws {
    try await leaveLog()
    let other = try TemporaryDirectory()
    for suffix in ["", "-wal", "-turn"] { rename(path + suffix, other.database + suffix) }
    let store = try await SQLiteJobStore.open(at: other.database)
    try await #expect(store.status().count(.ready) == 1)
    await store.close()
  }

  @Test("A copy of the whole set may be put back in its place")
  func restored() async throws {
    try await leaveLog()
    for suffix in ["", "-wal"] {
      let bytes = try directory.read("queue.db" + suffix)
      try directory.write("copy", bytes)
      rename(directory.path + "/copy", path + suffix)
    }
    let store = try await SQLiteJobStore.open(at: path)
    try await #expect(store.status().count(.ready) == 1)
    await store.close()
  }

  @Test("The log of a file that is gone is kept: none is made beside it", arguments: [false, true])
  func orphan(isEmpty: Bool) async throws {
    try await leaveLog()
    unlink(path)
    if isEmpty { try directory.write("queue.db", []) }
    let log = try directory.read("queue.db-wal")
    for error in [try await failure(), try await failure(readOnly: true), try await failure(mustExist: true)] {
      #expect(error.code == .foreignLog)
      #expect(error.cause.contains("\(path)-wal"))
      #expect(error.hint?.contains("mv \(path)-wal") == true)
    }
    #expect(try directory.read("queue.db-wal") == log)
    #expect((try? directory.size(of: "queue.db")) == (isEmpty ? 0 : nil))
  }

  @Test("The log of a former file is not read into the one that came into its place")
  func foreign() async throws {
    try await leaveLog()
    let other = try TemporaryDirectory()
    await (try SQLiteJobStore.open(at: other.database)).close()
    rename(other.database, path)
    let (file, log) = (try directory.read("queue.db"), try directory.read("queue.db-wal"))
    for error in [try await failure(), try await failure(readOnly: true)] { #expect(error.code == .foreignLog) }
    #expect(try directory.read("queue.db") == file && directory.read("queue.db-wal") == log)
    // The way out that it names.
    rename(path + "-wal", path + "-wal.old")
    let store = try await SQLiteJobStore.open(at: path)
    try await #expect(store.status().count(.ready) == 0)
    await store.close()
  }

  @Test("The log of another file that was moved beside this one is not read into it")
  func foreignLog() async throws {
    try await leaveLog()
    let bytes = try directory.read("queue.db-wal")
    unlink(path + "-wal")
    try directory.write("other", bytes)
    rename(directory.path + "/other", path + "-wal")
    #expect(try await failure().code == .foreignLog)
  }

  // enqueue 1        | enqueue 2                  | the disk
  // -----------------+----------------------------+------------------------------
  // makes log 1      |                            |
  // leaves its mark  |                            | has the mark of log 1
  // takes log 1 along|                            |
  //                  | makes log 2, leaves its    |
  //                  | mark, acknowledges         | has log 2, which was synced
  //                  |                            | power lost: the mark of log 1
  @Test("A mark that a loss of power left behind, older than the log, keeps nobody from the jobs in it")
  func formerMark() async throws {
    try await leaveLog()
    let place = try #require(Companions(of: path))
    let log = try #require(place.log)
    let turn = try TurnFile.open(beside: path)
    for start in [1, nil] as [UInt64?] {
      var mark = QueueMark(of: place, start: start)
      mark.log = FileIdentity(node: log.node + 1, born: log.born - 1)
      try turn.leave(mark)
      var options = SQLiteJobStore.Options()
      // At the same start it would be another file's log that somebody moved here.
      options.patience = .milliseconds(50)
      options.machineStart = start
      if start != nil {
        await #expect(throws: JobStoreError.self) {
          await (try SQLiteJobStore.open(at: path, options: options)).close()
        }
      }
      options.machineStart = 2
      options.readOnly = true
      await (try SQLiteJobStore.open(at: path, options: options)).close()
    }
    turn.close()
    var options = SQLiteJobStore.Options()
    options.machineStart = 2
    let store = try await SQLiteJobStore.open(at: path, options: options)
    try await #expect(store.status().count(.ready) == 1)
    // What it leaves is of this start, whatever it found.
    #expect(TurnFile.mark(beside: path)?.start == 2)
    await store.close()
  }

  @Test("A log that was deleted while a process has it open is no reason to begin another one")
  func taken() async throws {
    try await withStore { store, other in
      _ = try await store.enqueue([NewJob(kind: "a")], at: at(0))
      unlink(other.database + "-wal")
      var options = SQLiteJobStore.Options()
      options.patience = .milliseconds(50)
      let error = await #expect(throws: JobStoreError.self) {
        await (try SQLiteJobStore.open(at: other.database, options: options)).close()
      }
      #expect(error?.code == .busy)
      await store.close()
      let next = try await SQLiteJobStore.open(at: other.database)
      try await #expect(next.status().count(.ready) == 1)
      await next.close()
    }
  }

  @Test("A file with several names is refused for writing, not for reading")
  func hardLinks() async throws {
    await (try SQLiteJobStore.open(at: path)).close()
    try #require(link(path, directory.path + "/second.db") == 0)
    let error = try await failure()
    #expect(error.code == .hardLinked)
    #expect(error.cause.contains("2 names"))
    var options = SQLiteJobStore.Options()
    options.readOnly = true
    await (try SQLiteJobStore.open(at: path, options: options)).close()
  }

  @Test("A second name that a file gets later is told once, and work goes on")
  func laterLink() async throws {
    let told = Told()
    var options = SQLiteJobStore.Options()
    options.report = { told.add($0) }
    try await withStore(options) { store, directory in
      _ = try await store.enqueue([NewJob(kind: "a")], at: at(0))
      #expect(told.all == [])
      try #require(link(directory.database, directory.path + "/snapshot.db") == 0)
      for number in 1...3 { _ = try await store.enqueue([NewJob(kind: "a")], at: at(number)) }
      #expect(told.all.map(\.code) == [.hardLinked])
      try await #expect(store.status().count(.ready) == 4)
    }
  }
}

// @unchecked is sound: `errors` is touched only while `lock` is held.
private final class Told: @unchecked Sendable {
  private let lock = Lock()
  private var errors: [JobStoreError] = []
  func add(_ error: JobStoreError) { lock.locked { errors.append(error) } }
  var all: [JobStoreError] { lock.locked { errors } }
}
