import Glibc
import JobQueue
import Testing

@testable import SQLiteJobStore

@Suite("A queue file that a group shares")
struct FileAccessTests {
  private let directory: TemporaryDirectory
  private var options = SQLiteJobStore.Options()

  init() throws {
    directory = try TemporaryDirectory()
    // Whoever runs the tests is in this one.
    options.group = "\(getegid())"
  }

  @Test("is the group's with its log, its index and -turn, and private again for nobody but its owner's chmod")
  func modes() async throws {
    await (try SQLiteJobStore.open(at: directory.database)).close()
    try #expect(directory.mode(of: "queue.db") == 0o600)
    let store = try await SQLiteJobStore.open(at: directory.database, options: options)
    _ = try await store.enqueue([NewJob(kind: "a")], at: at(0))
    for suffix in ["", "-wal", "-shm", "-turn"] { try #expect(directory.mode(of: "queue.db\(suffix)") == 0o660) }
    await store.close()
    let error = await #expect(throws: JobStoreError.self) { _ = try await SQLiteJobStore.open(at: directory.database) }
    #expect(error?.code == .exposed && error?.hint?.contains("storeGroup") == true)
    var reading = options
    reading.readOnly = true
    let reader = try await SQLiteJobStore.open(at: directory.database, options: reading)
    try await #expect(reader.status().count(.ready) == 1)
    for suffix in ["", "-wal", "-shm", "-turn"] { try #expect(directory.mode(of: "queue.db\(suffix)") == 0o660) }
    await reader.close()
  }

  @Test("a file that is no queue is not shared, nor is one to which a link beside the queue leads")
  func others() async throws {
    try directory.write("queue.db", Array(String(repeating: "Dear Ana, ", count: 1_000).utf8))
    let error = await #expect(throws: JobStoreError.self) {
      _ = try await SQLiteJobStore.open(at: directory.database, options: options)
    }
    #expect(error?.code == .corrupt)
    try #expect(directory.mode(of: "queue.db") == 0o600)
    #expect(access(directory.database + "-wal", F_OK) != 0)

    let letter = "\(directory.path)/letter"
    try directory.write("letter", [])
    #expect(symlink(letter, "\(directory.path)/link") == 0)
    let access = try FileAccess(groupNamed: options.group, of: directory.database)
    try access.share("\(directory.path)/link")
    try #expect(directory.mode(of: "letter") == 0o600)
    #expect(link(letter, "\(directory.path)/second") == 0)
    try access.share("\(directory.path)/second")
    try #expect(directory.mode(of: "letter") == 0o600)
    #expect(unlink("\(directory.path)/second") == 0)
    try access.share(letter)
    try #expect(directory.mode(of: "letter") == 0o660)
  }

  @Test("what others than the group may use is refused with the commands that mend it", arguments: [0o664, 0o604])
  func exposed(mode: UInt32) async throws {
    await (try SQLiteJobStore.open(at: directory.database)).close()
    chmod(directory.database, mode)
    let error = await #expect(throws: JobStoreError.self) {
      _ = try await SQLiteJobStore.open(at: directory.database, options: options)
    }
    #expect(error?.code == .exposed)
    #expect(error?.hint == "chgrp \(getegid()) \(directory.database); chmod 660 \(directory.database)")
  }

  @Test("a group that nobody knows is refused, and nothing is made")
  func unknown() async throws {
    var options = options
    options.group = "no-such-group-here"
    let error = await #expect(throws: JobStoreError.self) {
      _ = try await SQLiteJobStore.open(at: directory.database, options: options)
    }
    #expect(error?.code == .storeGroup && error?.cause.contains("no-such-group-here") == true)
    #expect(access(directory.database, F_OK) != 0)
  }
}
