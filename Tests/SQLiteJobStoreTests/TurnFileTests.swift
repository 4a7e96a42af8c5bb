import Glibc
import JobQueue
import Testing

@testable import SQLiteJobStore

@Suite("The file -turn")
struct TurnFileTests {
  /// What somebody puts in its place.
  enum Oddity: String, CaseIterable, Sendable {
    case fifo, directory, link, deadLink, openToOthers

    func put(at path: String) throws {
      unlink(path)
      switch self {
      case .fifo: try #require(mkfifo(path, 0o600) == 0)
      case .directory: try #require(mkdir(path, 0o700) == 0)
      case .link: try #require(symlink("/etc/hostname", path) == 0)
      case .deadLink: try #require(symlink("/nowhere/at/all", path) == 0)
      case .openToOthers: try #require(creat(path, 0o600) >= 0 && chmod(path, 0o644) == 0)
      }
    }
  }

  @Test("is refused with a way out when it is no private file; nothing waits for it", arguments: Oddity.allCases)
  func odd(oddity: Oddity) async throws {
    let directory = try TemporaryDirectory()
    let turn = directory.database + "-turn"
    await (try SQLiteJobStore.open(at: directory.database)).close()
    try oddity.put(at: turn)
    defer { rmdir(turn) }
    let error = await #expect(throws: JobStoreError.self) {
      await (try SQLiteJobStore.open(at: directory.database)).close()
    }
    #expect(error?.target == turn)
    #expect(error?.hint?.isEmpty == false)
  }

  @Test(
    "in a strange shape spoils one write of a process that has the file open, and no more", arguments: Oddity.allCases)
  func oddLater(oddity: Oddity) async throws {
    try await withStore { store, directory in
      let turn = directory.database + "-turn"
      _ = try await store.enqueue([NewJob(kind: "a")], at: at(0))
      try oddity.put(at: turn)
      await #expect(throws: JobStoreError.self) { _ = try await store.enqueue([NewJob(kind: "a")], at: at(1)) }
      unlink(turn)
      rmdir(turn)
      _ = try await store.enqueue([NewJob(kind: "a")], at: at(2))
      try await #expect(store.status().count(.ready) == 2)
    }
  }

  @Test("may be removed or cut short at any time: it is made anew", arguments: [true, false])
  func removed(entirely: Bool) async throws {
    try await withStore { store, directory in
      for number in 0..<3 {
        _ = try await store.enqueue([NewJob(kind: "a")], at: at(number))
        if entirely {
          unlink(directory.database + "-turn")
        } else {
          truncate(directory.database + "-turn", Int(number) * 40)
        }
        let other = try await SQLiteJobStore.open(at: directory.database)
        _ = try await other.enqueue([NewJob(kind: "a")], at: at(number))
        await other.close()
      }
      try await #expect(store.status().count(.ready) == 6)
    }
  }

  @Test("A mark is read as it was written; one that is torn is none")
  func mark() async throws {
    try await withStore { _, directory in
      var mark = QueueMark(of: try #require(SidecarFiles(of: directory.database)), start: 5)
      mark.isFolderSynced = true
      mark.position = LogPosition(salts: .max - 1, frames: 7, checksum: 0x1234_5678_9abc_def0)
      mark.generation = 0x0fed_cba9_8765_4321
      mark.isPartlyCopied = true
      #expect(QueueMark(bytes: mark.bytes) == mark)
      for index in mark.bytes.indices {
        var torn = mark.bytes
        torn[index] ^= 0x10
        #expect(QueueMark(bytes: torn) == nil)
      }
      #expect(QueueMark(bytes: Array(mark.bytes.dropLast())) == nil)
      #expect(QueueMark(bytes: [UInt8](repeating: 0, count: QueueMark.size)) == nil)
    }
  }
}
