import CSQLite
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
    options.busyTimeout = .milliseconds(50)
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
    let place = try #require(SidecarFiles(of: path))
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

  /// A file with two jobs at another place, whose log and mark stay where they were.
  private func leaveLogBehind(at other: String, closedFirst: Bool) async throws {
    var jobs = 1
    if closedFirst {
      let store = try await SQLiteJobStore.open(at: path)
      _ = try await store.enqueue([NewJob(kind: "a")], at: at(0))
      await store.close()
      jobs += 1
    }
    // Killed: its thread goes on and holds the files that were here.
    let store = try await SQLiteJobStore.open(at: path)
    _ = try await store.enqueue([NewJob(kind: "a")], at: at(0))
    try await #expect(store.status().count(.ready) == Int64(jobs))
    rename(path, other)
    await store.close()
    try #require(directory.size(of: "queue.db-wal") > 0)
  }

  @Test("A file that was moved without its log is refused and left as it is", arguments: [false, true])
  func movedAlone(closedFirst: Bool) async throws {
    let other = try TemporaryDirectory()
    try await leaveLogBehind(at: other.database, closedFirst: closedFirst)
    let file = try other.read("queue.db")
    for readOnly in [false, true] {
      var options = SQLiteJobStore.Options()
      options.readOnly = readOnly
      let error = await #expect(throws: JobStoreError.self) {
        await (try SQLiteJobStore.open(at: other.database, options: options)).close()
      }
      #expect(error?.code == .missingLog)
      #expect(error?.cause.contains("\(other.database)-wal") == true)
    }
    #expect(try other.read("queue.db") == file)
    #expect(access(other.database + "-wal", F_OK) != 0 && access(other.database + "-shm", F_OK) != 0)
    // The ways out that it names: the log, or none.
    rename(path + "-wal", other.database + "-wal")
    let store = try await SQLiteJobStore.open(at: other.database)
    try await #expect(store.status().count(.ready) == (closedFirst ? 2 : 1))
    await store.close()
  }

  @Test("One whose log is gone opens beside an empty one, and is known again when it is closed")
  func emptyLog() async throws {
    let other = try TemporaryDirectory()
    try await leaveLogBehind(at: other.database, closedFirst: true)
    try other.write("queue.db-wal", [])
    let store = try await SQLiteJobStore.open(at: other.database)
    try await #expect(store.status().count(.ready) >= 1)
    await store.close()
    let third = try TemporaryDirectory()
    rename(other.database, third.database)
    await (try SQLiteJobStore.open(at: third.database)).close()
  }

  enum Copying: CaseIterable {
    case vacuum, backup

    /// As SQLite's shell does it while others use the file.
    func copy(_ path: String, to other: String) throws {
      let busyHandler = BusyHandler(limit: .seconds(10), random: SystemRandom(), pause: BlockingSleep.sleep)
      close(open(other, O_CREAT | O_RDWR | O_CLOEXEC, 0o600))
      let shell = try Connection(path: path, busyHandler: busyHandler)
      defer { shell.close() }
      switch self {
      case .vacuum: try shell.execute("VACUUM INTO '\(other)'")
      case .backup:
        let copy = try Connection(path: other, busyHandler: busyHandler)
        let backup = sqlite3_backup_init(copy.handle, "main", shell.handle, "main")
        #expect(sqlite3_backup_step(backup, -1) == SQLITE_DONE)
        #expect(sqlite3_backup_finish(backup) == SQLITE_OK)
        copy.close(removesLog: true)
      }
    }
  }

  @Test(
    "A copy that SQLite made of a file in use is whole; once in use it may not be moved alone",
    arguments: Copying.allCases)
  func copy(by copying: Copying) async throws {
    let store = try await SQLiteJobStore.open(at: path)
    _ = try await store.enqueue([NewJob(kind: "a")], at: at(0))
    let other = try TemporaryDirectory()
    try copying.copy(path, to: other.database)
    await store.close()
    let copy = try await SQLiteJobStore.open(at: other.database)
    _ = try await copy.enqueue([NewJob(kind: "a")], at: at(0))
    try await #expect(copy.status().count(.ready) == 2)
    // So is a copy that is made of it in the same way.
    let second = directory.path + "/second.db"
    try copying.copy(other.database, to: second)
    let again = try await SQLiteJobStore.open(at: second)
    try await #expect(again.status().count(.ready) == 2)
    await again.close()
    try await expectRefusal(of: copy, at: other.database, movedTo: directory.path + "/moved.db")
  }

  @Test("One that was closed may be moved alone, and one that was not is known at any path")
  func closed() async throws {
    let store = try await SQLiteJobStore.open(at: path)
    _ = try await store.enqueue([NewJob(kind: "a")], at: at(0))
    await store.close()
    let other = try TemporaryDirectory()
    rename(path, other.database)
    let moved = try await SQLiteJobStore.open(at: other.database)
    _ = try await moved.enqueue([NewJob(kind: "a")], at: at(0))
    try await #expect(moved.status().count(.ready) == 2)
    // What a URI reads in another way.
    try await expectRefusal(of: moved, at: other.database, movedTo: "\(directory.path)/a?b#c%20d&e=.db")
  }

  @Test("A closing that was noted and never done is none: the next process shows its log all the same")
  func unfinishedClosing() async throws {
    let store = try await SQLiteJobStore.open(at: path)
    _ = try await store.enqueue([NewJob(kind: "a")], at: at(0))
    let other = try TemporaryDirectory()
    let busyHandler = BusyHandler(limit: .seconds(10), random: SystemRandom(), pause: BlockingSleep.sleep)
    let closing = try Connection(path: path, busyHandler: busyHandler)
    try closing.writeTransaction { try closing.noteClosing() }
    closing.close()
    // Killed right there.
    for suffix in ["", "-wal"] { try other.write("queue.db" + suffix, try directory.read("queue.db" + suffix)) }
    await store.close()
    let next = try await SQLiteJobStore.open(at: other.database)
    _ = try await next.enqueue([NewJob(kind: "a")], at: at(0))
    try await #expect(next.status().count(.ready) == 2)
    try await expectRefusal(of: next, at: other.database, movedTo: directory.path + "/moved.db")
  }

  /// Moves a file from under its store.
  private func expectRefusal(of store: SQLiteJobStore, at former: String, movedTo other: String) async throws {
    rename(former, other)
    await store.close()
    let error = await #expect(throws: JobStoreError.self) {
      await (try SQLiteJobStore.open(at: other)).close()
    }
    #expect(error?.code == .missingLog)
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
    let own = try directory.read("queue.db")
    // Those of another queue with as many jobs.
    try await leaveLog()
    try directory.write("other", bytes)
    rename(directory.path + "/other", path + "-wal")
    let file = try directory.read("queue.db")
    for withMark in [true, false] {
      if !withMark { unlink(path + "-turn") }
      for readOnly in [false, true] { #expect(try await failure(readOnly: readOnly).code == .foreignLog) }
    }
    #expect(try directory.read("queue.db") == file && directory.read("queue.db-wal") == bytes)
    try directory.write("queue.db", own)
    let store = try await SQLiteJobStore.open(at: path)
    try await #expect(store.status().count(.ready) == 1)
    await store.close()
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
    let place = try #require(SidecarFiles(of: path))
    let log = try #require(place.log)
    let turn = try TurnFile.open(beside: path)
    for start in [1, nil] as [UInt64?] {
      var mark = QueueMark(of: place, start: start)
      mark.log = FileIdentity(node: log.node + 1, born: log.born - 1)
      try turn.leave(mark)
      var options = SQLiteJobStore.Options()
      options.busyTimeout = .milliseconds(50)
      options.machineStart = start
      options.readOnly = true
      // At the same start it would be another file's log that somebody moved here; who may write looks what it holds.
      if start != nil {
        await #expect(throws: JobStoreError.self) {
          await (try SQLiteJobStore.open(at: path, options: options)).close()
        }
      }
      options.machineStart = 2
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
      options.busyTimeout = .milliseconds(50)
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
