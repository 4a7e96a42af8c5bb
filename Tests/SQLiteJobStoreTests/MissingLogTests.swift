import Glibc
import JobQueue
import JobQueueTestKit
import Testing

@testable import SQLiteJobStore

/// What a crash leaves is a file, a log that holds what the file lacks, and a mark of both.
@Suite("A queue file whose log is gone after a crash, or is not the one that the crash left")
struct MissingLogTests {
  private let directory: TemporaryDirectory
  private var path: String { directory.database }

  init() throws { directory = try TemporaryDirectory() }

  /// How much of the log was in the file before the last job came.
  enum Copied: CaseIterable, Sendable {
    case nothing, all
    /// As far as somebody's view of the file allowed.
    case part
  }

  /// As a crash at this moment leaves a file that is open, with the log's index.
  private func crash(_ live: TemporaryDirectory) throws {
    let suffixes = ["", "-wal", "-shm"]
    var paths: [UInt64: String] = [:]
    for suffix in suffixes {
      paths[try #require(FileStatus.identity(at: live.database + suffix)).node] = path + suffix
      try directory.write("queue.db" + suffix, try live.read("queue.db" + suffix))
    }
    try directory.write("queue.db-turn", QueueMark.moved(try live.read("queue.db-turn")) { paths[$0] })
  }

  /// Leaves a file that was closed with three jobs and has more in its log.
  /// - Returns: how many.
  private func leaveLog(copied: Copied = .nothing) async throws -> Int {
    let live = try TemporaryDirectory()
    let first = try await SQLiteJobStore.open(at: live.database)
    for number in 0..<3 { _ = try await first.enqueue([NewJob(kind: "a")], at: at(number)) }
    await first.close()
    let store = try await SQLiteJobStore.open(at: live.database)
    _ = try await store.enqueue([NewJob(kind: "a")], at: at(3))
    var jobs: Int = 5
    let busyHandler = BusyHandler(limit: .seconds(10), random: SystemRandom(), pause: BlockingSleep.sleep)
    let viewer = try Connection(path: live.database, busyHandler: busyHandler)
    if copied == .part { try viewer.execute("BEGIN") }
    try #expect(viewer.value("SELECT count(*) FROM job", as: Int64.self) == 4)
    if copied != .nothing {
      let large = NewJob(kind: "a", payload: #"{"x":"\#(String(repeating: "x", count: 20_000))"}"#)
      _ = try await store.enqueue(Array(repeating: large, count: 300), at: at(4))
      jobs += 300
    }
    _ = try await store.enqueue([NewJob(kind: "a")], at: at(5))
    try crash(live)
    viewer.close()
    await store.close()
    return jobs
  }

  private func count(at path: String? = nil) async throws -> Int {
    let store = try await SQLiteJobStore.open(at: path ?? self.path)
    let count = try await store.status().count(.ready)
    await store.close()
    return count
  }

  private func expectRefusal(_ code: JobStoreError.Code, at path: String, readOnly: [Bool] = [false, true]) async {
    for readOnly in readOnly {
      var options = SQLiteJobStore.Options()
      options.readOnly = readOnly
      let error = await #expect(throws: JobStoreError.self) {
        await (try SQLiteJobStore.open(at: path, options: options)).close()
      }
      #expect(error?.code == code)
      #expect(error?.cause.contains("\(path)-wal") == true)
    }
  }

  /// What somebody does to the log.
  enum Deed: CaseIterable, Sendable {
    case takenAway, leftBehind, leftBehindByName, emptied
  }

  @Test(
    "is refused, whether it was taken away or left behind; with the log, all is there",
    arguments: Copied.allCases, Deed.allCases)
  func gone(copied: Copied, deed: Deed) async throws {
    let jobs = try await leaveLog(copied: copied)
    let other = try TemporaryDirectory()
    let log = try directory.read("queue.db-wal")
    var path = path
    switch deed {
    case .takenAway:
      unlink(path + "-wal")
      unlink(path + "-shm")
    case .leftBehind:
      for suffix in ["", "-turn"] { rename(path + suffix, other.database + suffix) }
      path = other.database
    case .leftBehindByName:
      for suffix in ["", "-turn"] { rename(path + suffix, directory.path + "/new.db" + suffix) }
      path = directory.path + "/new.db"
    case .emptied: truncate(path + "-wal", 0)
    }
    for _ in 0..<2 { await expectRefusal(.missingLog, at: path) }
    // Nothing was written or noted: with its log the file is what it was.
    let descriptor = open(path + "-wal", O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0o600)
    #expect(log.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) } == log.count)
    close(descriptor)
    try await #expect(count(at: path) == jobs)
  }

  @Test("is opened without it by the way that the message names", arguments: [false, true])
  func wayOut(isEmptied: Bool) async throws {
    _ = try await leaveLog()
    if isEmptied { truncate(path + "-wal", 0) } else { unlink(path + "-wal") }
    await expectRefusal(.missingLog, at: path)
    unlink(path + "-shm")
    try directory.write("queue.db-wal", [])
    try await #expect(count() >= 3)
    // From then on it is closed as any other.
    let other = try TemporaryDirectory()
    rename(path, other.database)
    try await #expect(count(at: other.database) >= 3)
  }

  @Test("is whole when SQLite's own shell closed it", arguments: [Copied.nothing, .all])
  func closedByShell(copied: Copied) async throws {
    let jobs = try await leaveLog(copied: copied)
    unlink(path + "-shm")
    #expect(try RawDatabase.rows(of: "SELECT count(*) FROM job", in: path) == [["\(jobs)"]])
    try #require(FileStatus.identity(at: path + "-wal") == nil)
    // Also by who opens it and is killed before anything is written.
    let killed = try Opening(path, SQLiteJobStore.Options())
    try killed.hold {
      let busyHandler = BusyHandler(limit: .seconds(10), random: SystemRandom(), pause: BlockingSleep.sleep)
      let connection = try Connection(path: path, busyHandler: busyHandler)
      _ = try connection.readTransaction { try connection.value("PRAGMA user_version", as: Int64.self) }
      try killed.record(try #require(SidecarFiles(of: path)))
      connection.close()
    }
    killed.turn.share(false)
    killed.turn.close()
    try #require(directory.size(of: "queue.db-wal") == 0)
    try await #expect(count() == jobs)
  }

  @Test("is not known to be whole when SQLite's own shell closed it after a crash that left a part of the log in it")
  func closedByShellAfterPart() async throws {
    let jobs = try await leaveLog(copied: .part)
    unlink(path + "-shm")
    #expect(try RawDatabase.rows(of: "SELECT count(*) FROM job", in: path) == [["\(jobs)"]])
    await expectRefusal(.missingLog, at: path)
    // The way out that it names.
    try directory.write("queue.db-wal", [])
    try await #expect(count() == jobs)
  }

  @Test("is the same one when file or log were on another disk meanwhile", arguments: ["", "-wal"])
  func broughtBack(suffix: String) async throws {
    let jobs = try await leaveLog()
    try directory.write("copy", try directory.read("queue.db" + suffix))
    rename(directory.path + "/copy", path + suffix)
    try await #expect(count() == jobs)
  }

  @Test("is refused with an earlier copy of its log, and with one that was damaged", arguments: [false, true])
  func earlier(isDamaged: Bool) async throws {
    let live = try TemporaryDirectory()
    let store = try await SQLiteJobStore.open(at: live.database)
    for number in 0..<3 { _ = try await store.enqueue([NewJob(kind: "a")], at: at(number)) }
    let earlier = try live.read("queue.db-wal")
    for number in 3..<6 { _ = try await store.enqueue([NewJob(kind: "a")], at: at(number)) }
    try crash(live)
    await store.close()
    let log = try directory.read("queue.db-wal")
    var other = earlier
    if isDamaged {
      other = log
      // In the last of the frames that both have: behind the log lie those of former ones.
      let firstNew = try #require(zip(earlier, log).enumerated().first { $0.element.0 != $0.element.1 }?.offset)
      other[firstNew - 100] ^= 1
    }
    try directory.write("queue.db-wal", other)
    let file = try directory.read("queue.db")
    for _ in 0..<2 { await expectRefusal(.foreignLog, at: path, readOnly: [false]) }
    #expect(try directory.read("queue.db") == file && directory.read("queue.db-wal") == other)
    // Both ways out that it names.
    let turn = try directory.read("queue.db-turn")
    unlink(path + "-turn")
    let left: Int = isDamaged ? 2 : 3
    try await #expect(count() == left)
    try directory.write("queue.db", file)
    try directory.write("queue.db-wal", log)
    try directory.write("queue.db-turn", turn)
    try await #expect(count() == 6)
  }

  /// What happened to the log.
  enum Damage: CaseIterable, Sendable {
    case byteInHeader, headerZeroed, zeroed, cutInHeader, cutAfterHeader, cutInFirstFrame, text, byteInFirstFrame

    func done(to log: [UInt8]) -> [UInt8] {
      var damaged = log
      switch self {
      case .byteInHeader: damaged[16] ^= 0x80
      case .headerZeroed: damaged.replaceSubrange(0..<32, with: [UInt8](repeating: 0, count: 32))
      case .zeroed: damaged = [UInt8](repeating: 0, count: log.count)
      case .cutInHeader: damaged = Array(log.prefix(31))
      case .cutAfterHeader: damaged = Array(log.prefix(32))
      case .cutInFirstFrame: damaged = Array(log.prefix(4000))
      case .text: damaged = Array("nothing".utf8)
      case .byteInFirstFrame: damaged[100] ^= 1
      }
      return damaged
    }
  }

  @Test("is refused and left as it is when its beginning was damaged", arguments: Damage.allCases, Copied.allCases)
  func damaged(damage: Damage, copied: Copied) async throws {
    let jobs = try await leaveLog(copied: copied)
    let (file, log) = (try directory.read("queue.db"), try directory.read("queue.db-wal"))
    let damaged = damage.done(to: log)
    try directory.write("queue.db-wal", damaged)
    for _ in 0..<2 { await expectRefusal(.foreignLog, at: path, readOnly: [false]) }
    #expect(try directory.read("queue.db") == file && directory.read("queue.db-wal") == damaged)
    try directory.write("queue.db-wal", log)
    try await #expect(count() == jobs)
  }

  @Test("is missed also when somebody removed the -turn while a part of the log could not be copied")
  func turnRemoved() async throws {
    let live = try TemporaryDirectory()
    let store = try await SQLiteJobStore.open(at: live.database)
    for number in 0..<2 { _ = try await store.enqueue([NewJob(kind: "a")], at: at(number)) }
    let busyHandler = BusyHandler(limit: .seconds(10), random: SystemRandom(), pause: BlockingSleep.sleep)
    let viewer = try Connection(path: live.database, busyHandler: busyHandler)
    try viewer.execute("BEGIN")
    try #expect(viewer.value("SELECT count(*) FROM job", as: Int64.self) == 2)
    _ = try await store.enqueue([NewJob(kind: "a")], at: at(2))
    await store.close()
    unlink(live.database + "-turn")
    let next = try await SQLiteJobStore.open(at: live.database)
    _ = try await next.enqueue([NewJob(kind: "a")], at: at(3))
    try crash(live)
    viewer.close()
    await next.close()
    let log = try directory.read("queue.db-wal")
    unlink(path + "-wal")
    await expectRefusal(.missingLog, at: path)
    try directory.write("queue.db-wal", log)
    try await #expect(count() == 4)
  }

  @Test("is there when file and log were copied to their places under new numbers, whose index was left")
  func indexLeft() async throws {
    let jobs = try await leaveLog()
    for suffix in ["", "-wal"] {
      try directory.write("copy", try directory.read("queue.db" + suffix))
      rename(directory.path + "/copy", path + suffix)
    }
    try #require(FileStatus.identity(at: path + "-shm") != nil)
    try await #expect(count() == jobs)
  }

  @Test(
    "is missed also when somebody changed its schema while it was in use",
    arguments: ["ANALYZE", "CREATE INDEX mine ON job (kind)", "VACUUM"])
  func changed(by statement: String) async throws {
    let store = try await SQLiteJobStore.open(at: path)
    _ = try await store.enqueue([NewJob(kind: "a")], at: at(0))
    try RawDatabase.execute(statement, in: path)
    // The first finds it, the second is protected.
    for number in 1...2 { _ = try await store.enqueue([NewJob(kind: "a")], at: at(number)) }
    let other = try TemporaryDirectory()
    rename(path, other.database)
    await store.close()
    await expectRefusal(.missingLog, at: other.database)
  }

  @Test("is not missed when it was deleted while the file was in use, and what it held was saved")
  func saved() async throws {
    let store = try await SQLiteJobStore.open(at: path)
    for number in 0..<3 { _ = try await store.enqueue([NewJob(kind: "a")], at: at(number)) }
    unlink(path + "-wal")
    await store.close()
    let other = try TemporaryDirectory()
    try other.write("queue.db", try directory.read("queue.db"))
    try await #expect(count(at: other.database) == 3)
    try await #expect(count() == 3)
  }
}
