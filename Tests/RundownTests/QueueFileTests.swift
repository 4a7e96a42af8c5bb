import FoundationEssentials
import Glibc
import JobQueue
import SQLiteJobStore
import Testing

@Suite("A queue file that cannot be used", .timeLimit(.minutes(20)))
struct QueueFileTests {
  private static let commands = [
    ["status"], ["jobs", "list"], ["wait"], ["jobs", "retry", "1"], EnqueueTests.target, ["worker", "--once"],
  ]

  /// A folder with a queue file that holds one job.
  private func given() async throws -> Folder {
    let folder = try Folder()
    try #require(try await Command.run(EnqueueTests.target, in: folder).status == 0)
    return folder
  }

  private func expect12(_ arguments: [String], _ folder: Folder, _ code: String, _ hint: String) async throws {
    let ended = try await Command.run(arguments, in: folder)
    #expect(ended.status == 12)
    #expect(ended.output == "")
    #expect(ended.errors.contains("error[\(code)]: open "), "\(ended.errors)")
    #expect(ended.errors.contains(hint), "\(ended.errors)")
  }

  @Test("that is missing is not found, and none is created", arguments: [["status"], ["jobs", "show", "1"], ["wait"]])
  func missing(arguments: [String]) async throws {
    let folder = try Folder()
    let ended = try await Command.run(arguments, in: folder)
    #expect(ended.status == 7)
    #expect(ended.errors.contains("error[no-such-store]: open \(folder.database)"), "\(ended.errors)")
    #expect(ended.errors.contains("enqueue a job first"))
    #expect(!folder.exists("rundown.db"))
  }

  @Test("that is no database is left as it is", arguments: commands)
  func corrupt(arguments: [String]) async throws {
    let folder = try Folder()
    let text = String(repeating: "this is a letter, not a queue. ", count: 200)
    try folder.write("rundown.db", text)
    try await expect12(arguments, folder, "corrupt", "help:")
    #expect(try folder.text("rundown.db") == text)
  }

  @Test("that a newer program wrote is left as it is", arguments: commands)
  func newer(arguments: [String]) async throws {
    let folder = try await given()
    let raise = #"import sqlite3; sqlite3.connect("rundown.db").execute("PRAGMA user_version = 2147483647")"#
    try #require(try await Command.shell("python3 -c '\(raise)'", in: folder).status == 0)
    let bytes = try Data(contentsOf: URL(filePath: folder.database))
    try await expect12(arguments, folder, "too-new", "use the newer version")
    #expect(try Data(contentsOf: URL(filePath: folder.database)) == bytes)
  }

  @Test("that others may read is refused until that is mended", arguments: commands)
  func exposed(arguments: [String]) async throws {
    let folder = try await given()
    chmod(folder.database, 0o644)
    try await expect12(arguments, folder, "exposed", "chmod 600")
    chmod(folder.database, 0o600)
    #expect(try await Command.run(["status"], in: folder).status == 0)
  }

  @Test(
    "that is empty is no queue to a command that only looks, and the next enqueue makes one of it",
    arguments: [["status"], ["jobs", "list"], ["gates", "list"], ["wait"], ["jobs", "retry", "1"]])
  func empty(arguments: [String]) async throws {
    let folder = try Folder()
    try folder.write("rundown.db", "")
    let ended = try await Command.run(arguments, in: folder)
    #expect(ended.status == 7 && ended.errors.contains("error[no-such-store]"), "\(ended.errors)")
    #expect(try folder.text("rundown.db") == "" && !folder.exists("rundown.db-turn"))
    let looked = try await Command.run(["doctor"], in: folder)
    #expect(looked.status == 0 && looked.output.contains("the file is empty"), "\(looked.output)")
    #expect(try folder.text("rundown.db") == "")
    #expect(try await Command.run(EnqueueTests.target, in: folder).output == "1\n")
  }

  @Test("that is none gets no advice to make it private", arguments: ["letter", "/etc/passwd"])
  func foreign(path: String) async throws {
    let folder = try Folder()
    try folder.write("letter", "Dear Ana,", mode: 0o644)
    let ended = try await Command.run(["status", "--database", path], in: folder)
    #expect(ended.status == 12 && ended.errors.contains("this is not a Rundown queue file"), "\(ended.errors)")
    #expect(!ended.errors.contains("chmod"), "\(ended.errors)")
  }

  @Test("that is empty and that others may read is empty first of all")
  func emptyAndReadable() async throws {
    let folder = try Folder()
    try folder.write("rundown.db", "", mode: 0o644)
    let ended = try await Command.run(["status"], in: folder)
    #expect(ended.status == 7 && ended.errors.contains("the file is empty"), "\(ended.errors)")
    #expect(!ended.errors.contains("chmod"), "\(ended.errors)")
  }

  @Test("that is a directory")
  func directory() async throws {
    let folder = try Folder()
    mkdir(folder.database, 0o700)
    try await expect12(["status"], folder, "unavailable", "give the path of a file")
  }

  @Test("that may not grow takes nothing more, says so, and keeps what was acknowledged")
  func mayNotGrow() async throws {
    let folder = try await given()
    try folder.write(
      "lines",
      (0..<500).map { #"{"kind":"restream-asset","with":{"connection":"m","assetID":"a\#($0)"}}"# + "\n" }.joined())
    // 64 blocks of 1 KiB: enough to open the file, too little for 500 jobs.
    let ended = try await Command.shell("ulimit -f 64; exec rundown enqueue - < lines", in: folder)
    #expect(ended.status == 5)
    #expect(ended.output == "")
    #expect(ended.errors.contains("error[full]"), "\(ended.errors)")
    #expect(ended.errors.contains("ulimit -f"), "\(ended.errors)")
    let listed = try await Command.run(["jobs", "list", "-o", "name"], in: folder)
    #expect(listed.output == "1\n")
    #expect(try await Command.run(["enqueue", "-"], in: folder, input: try folder.text("lines")).status == 0)
  }

  @Test("is never left readable by others, nor are the files beside it")
  func modes() async throws {
    let folder = try Folder()
    let ended = try await Command.shell(
      "umask 0; \(shellWords(EnqueueTests.target)) && exec stat -c %a rundown.db*", in: folder)
    #expect(ended.output.split(separator: "\n").dropFirst().allSatisfy { $0 == "600" }, "\(ended.output)")
    #expect(ended.status == 0)
  }

  private func shellWords(_ words: [String]) -> String { (["rundown"] + words).joined(separator: " ") }
}
