import Glibc
import JobQueue
import Testing

@testable import SQLiteJobStore

/// The bytes of a file change, as by `cp`, and its inode stays.
@Suite("A queue file whose content is exchanged")
struct LogGenerationTests {
  private let directory: TemporaryDirectory
  private var path: String { directory.database }

  init() throws { directory = try TemporaryDirectory() }

  /// What comes into the place of the file.
  enum Content: String, CaseIterable, Sendable {
    case backup, anotherQueue, vacuumed
  }

  private func add(_ count: Int, to path: String) async throws {
    let store = try await SQLiteJobStore.open(at: path)
    for number in 0..<count { _ = try await store.enqueue([NewJob(kind: "a")], at: at(number)) }
    await store.close()
  }

  private func bytes(_ content: Content) async throws -> [UInt8] {
    if content == .anotherQueue {
      let other = try TemporaryDirectory()
      try await add(7, to: other.database)
      return try other.read("queue.db")
    }
    return try directory.read(content.rawValue)
  }

  /// A file with 20 jobs, and 5 more in the log that a crash left: as one moment left them, which a copy tells. Beside it
  /// lie a backup of an earlier day, one that `VACUUM INTO` made at the end, and the file as it is once its log is copied.
  private func leaveLog() async throws {
    let live = try TemporaryDirectory()
    try await add(10, to: live.database)
    try directory.write("backup", try live.read("queue.db"))
    try await add(10, to: live.database)
    let store = try await SQLiteJobStore.open(at: live.database)
    for number in 0..<5 { _ = try await store.enqueue([NewJob(kind: "a")], at: at(number)) }
    try RawDatabase.execute("VACUUM INTO '\(directory.path)/vacuumed'", in: live.database)
    for suffix in ["", "-wal"] { try directory.write("queue.db" + suffix, try live.read("queue.db" + suffix)) }
    try RawDatabase.execute("PRAGMA wal_checkpoint(FULL)", in: live.database)
    try directory.write("copied", try live.read("queue.db"))
    await store.close()
    try directory.write("closed", try live.read("queue.db"))
    let place = try #require(SidecarFiles(of: path))
    let turn = try TurnFile.open(beside: path)
    try turn.leave(QueueMark(of: place, start: MachineStart.current))
    turn.close()
  }

  private func count() async throws -> Int {
    let store = try await SQLiteJobStore.open(at: path)
    let count = try await store.status().count(.ready)
    await store.close()
    #expect(try RawDatabase.rows(of: "PRAGMA integrity_check", in: path) == [["ok"]])
    return count
  }

  /// A schema that lies on other pages than the log's may be unreadable before anything can be compared.
  private func refuses(_ content: Content? = nil) async throws -> Bool {
    var refusals = 0
    for readOnly in [false, true] {
      var options = SQLiteJobStore.Options()
      options.readOnly = readOnly
      let error = await #expect(throws: JobStoreError.self) {
        await (try SQLiteJobStore.open(at: path, options: options)).close()
      }
      if error?.code == .foreignLog, error?.cause.contains("\(path)-wal") == true { refusals += 1 }
      if error?.code == .corrupt, content == .vacuumed { refusals += 1 }
    }
    return refusals == 2
  }

  @Test(
    "that was copied over it: the log is not read into it, with and without a mark", arguments: Content.allCases,
    [false, true])
  func copiedOver(content: Content, withMark: Bool) async throws {
    try await leaveLog()
    if !withMark { unlink(path + "-turn") }
    let own = try directory.read("queue.db")
    let new = try await bytes(content)
    try directory.write("queue.db", new)
    let log = try directory.read("queue.db-wal")
    #expect(try await refuses(content))
    #expect(try directory.read("queue.db") == new && directory.read("queue.db-wal") == log)
    // Both ways out that it names: the file that came is used without the log, and the log with its own file.
    rename(path + "-wal", directory.path + "/aside-wal")
    #expect(try await count() == [.backup: 10, .anotherQueue: 7, .vacuumed: 25][content])
    try directory.write("aside", own)
    rename(directory.path + "/aside", path)
    rename(directory.path + "/aside-wal", path + "-wal")
    unlink(path + "-turn")
    #expect(try await count() == 25)
  }

  @Test("An earlier log that is put beside the file is not read into it")
  func earlierLog() async throws {
    try await leaveLog()
    let log = try directory.read("queue.db-wal")
    #expect(try await count() == 25)
    try await add(1, to: path)
    try directory.write("queue.db-wal", log)
    #expect(try await refuses())
    unlink(path + "-wal")
    #expect(try await count() == 26)
  }

  @Test("A log that was copied into the file and closed with it is not read into it once more")
  func closedLog() async throws {
    try await leaveLog()
    try directory.write("queue.db", try directory.read("closed"))
    #expect(try await refuses())
    unlink(path + "-wal")
    #expect(try await count() == 25)
  }

  @Test(
    "The file itself, copied back, is read with its log, and so is one that holds the log already",
    arguments: ["queue.db", "copied"])
  func sameContent(name: String) async throws {
    try await leaveLog()
    try directory.write("queue.db", try directory.read(name))
    #expect(try await count() == 25)
  }

  @Test("while it is open ends the writing: nothing is acknowledged, copied or removed", arguments: Content.allCases)
  func whileOpen(content: Content) async throws {
    try await add(10, to: path)
    try directory.write("backup", try directory.read("queue.db"))
    try await add(10, to: path)
    let store = try await SQLiteJobStore.open(at: path)
    _ = try await store.enqueue([NewJob(kind: "a")], at: at(0))
    let own = try directory.read("queue.db")
    try RawDatabase.execute("VACUUM INTO '\(directory.path)/vacuumed'", in: path)
    let new = try await bytes(content)
    try directory.write("queue.db", new)
    let refused = await #expect(throws: JobStoreError.self) { try await store.enqueue([NewJob(kind: "a")], at: at(1)) }
    #expect(refused?.code == .replaced)
    let unread = await #expect(throws: JobStoreError.self) { try await store.status() }
    #expect(unread?.code == .replaced || (unread?.code == .corrupt && content == .vacuumed))
    await store.close()
    #expect(try directory.read("queue.db") == new)
    #expect(try await refuses(content))
    try directory.write("queue.db", own)
    #expect(try await count() == 21)
  }

  @Test(
    "A page that a power loss left half copied is no other file's", arguments: [512, 1024, 2048, 3584, 4000, 4060],
    [false, true])
  func torn(at cut: Int, lastPartFirst: Bool) async throws {
    try await leaveLog()
    var (file, copied) = (try directory.read("queue.db"), try directory.read("copied"))
    if lastPartFirst { swap(&file, &copied) }
    let rows = try RawDatabase.rows(
      of: "SELECT rootpage FROM sqlite_schema WHERE name = 'meta'", in: directory.path + "/backup")
    let start = (try #require(Int(rows[0][0])) - 1) * 4096
    // All but one half of the page that tells is as it was before, or as it is afterwards.
    file[(start + cut)..<(start + 4096)] = copied[(start + cut)..<(start + 4096)]
    try directory.write("queue.db", file)
    #expect(try await count() == 25)
  }

  @Test("A generation is read back from the bytes of a page, and no other text is one")
  func text() {
    let one = LogGeneration(number: .max, former: 1)
    let two = LogGeneration(number: 0, former: 0)
    #expect(one.text.utf8.count == two.text.utf8.count)
    #expect(LogGeneration(text: one.text.utf8) == one)
    let page = Array("log: \(one.text)log:\(two.text)".utf8)
    #expect(LogGeneration.all(in: page) == [one, two])
    for place in one.text.utf8.indices {
      var bytes = Array(one.text.utf8)
      let index = one.text.utf8.distance(from: one.text.utf8.startIndex, to: place)
      bytes[index] ^= 1
      #expect(LogGeneration(text: bytes) == nil)
    }
  }
}
