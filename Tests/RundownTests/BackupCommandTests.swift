import FoundationEssentials
import Glibc
import JobQueue
import SQLiteJobStore
import Testing

@Suite("rundown backup, restore, check and prune", .timeLimit(.minutes(20)))
struct BackupCommandTests {
  private static let entry = [
    "enqueue", "create-map-entry", "--engine", "fra1", "--application", "live", "--source-stream", "cam", "--bucket",
    "example-live", "--region", "eu-central-1", "--credential", "push", "--entry-name",
  ]

  private func run(_ words: [String], in folder: Folder, _ status: Int32 = 0) async throws -> Command.Ended {
    let ended = try await Command.run(words, in: folder)
    #expect(ended.status == status, "\(words): \(ended.errors)")
    return ended
  }

  @Test("a day is lost and comes back from the backup, with everything that was unfinished held")
  func walk() async throws {
    let folder = try Folder()
    _ = try await run(Self.entry + ["one"], in: folder)
    let told = try await run(["backup", "copy.db"], in: folder)
    #expect(told.output.hasPrefix("\(folder.path)/copy.db: 1 job, ") && told.output.hasSuffix(", checked\n"))
    _ = try await run(Self.entry + ["two"], in: folder)
    #expect(try await run(["check", "copy.db"], in: folder).output == "\(folder.path)/copy.db: no damage found\n")

    let asked = try await run(["restore", "copy.db"], in: folder, 2)
    #expect(asked.errors.contains("--yes"))
    let restored = try await run(["restore", "copy.db", "--yes"], in: folder)
    #expect(restored.output == "\(folder.path)/rundown.db: 1 job restored, 1 of them held\n")
    #expect(restored.errors.contains("rundown.db.before-") && restored.errors.contains("next: rundown jobs list"))
    let list = try await run(["jobs", "list"], in: folder).output
    #expect(list.contains("held") && list.contains("look before you release it"))
    _ = try await run(["jobs", "retry", "1"], in: folder)
    let shown = try await run(["jobs", "show", "1"], in: folder).output
    #expect(shown.contains("ready"))
    let audit = try await run(["audit"], in: folder).output
    #expect(audit.contains("hold") && audit.contains("restored from \(folder.path)/copy.db"))
  }

  @Test("a backup goes to a file that is not there yet, and a queue file that a process has open is not replaced")
  func refused() async throws {
    let folder = try Folder()
    _ = try await run(Self.entry + ["one"], in: folder)
    _ = try await run(["backup", "copy.db"], in: folder)
    let there = try await run(["backup", "copy.db"], in: folder, 2)
    #expect(there.errors.contains("it already exists"))
    let store = try await SQLiteJobStore.open(at: folder.database)
    let inUse = try await run(["restore", "copy.db", "--yes"], in: folder, 12)
    #expect(inUse.errors.contains("stop every worker"))
    await store.close()
    // Looked at before anybody is asked.
    let none = try await run(["restore", "none.db"], in: folder, 7)
    #expect(none.errors.contains("no such file") && none.errors.contains("use a file made by rundown backup"))
    try folder.write("notes.txt", "these are notes, and no queue")
    let notes = try await run(["restore", "notes.txt", "--yes"], in: folder, 12)
    #expect(notes.errors.contains("this is not a Rundown queue file") && notes.errors.contains("use a file made by"))
    let itself = try await run(["restore", "rundown.db", "--yes"], in: folder, 2)
    #expect(itself.errors.contains("this is the queue file itself"), "\(itself.errors)")
    #expect(try await run(["backup", "."], in: folder, 2).errors.contains("name a file in that folder"))
    #expect(try await run(["check", "none.db"], in: folder, 7).errors.contains("help: check the path"))
    #expect(try await run(["backup", "no/such/copy.db"], in: folder, 2).errors.contains("create the folder first"))
    #expect(try await run(["check"], in: folder).output.contains("no damage found"))
  }

  @Test("a check of a damaged file ends with 12 and says what is wrong")
  func damaged() async throws {
    let folder = try Folder()
    let store = try await SQLiteJobStore.open(at: folder.database)
    _ = try await store.enqueue((0..<500).map { NewJob(kind: "kind-\($0)") }, at: SystemClock().now())
    await store.close()
    _ = try await run(["backup", "copy.db"], in: folder)
    let path = "\(folder.path)/copy.db"
    var bytes = Array(try Data(contentsOf: URL(filePath: path)))
    // The pages behind the schema's, of which one at least holds jobs.
    for page in stride(from: 8, to: bytes.count / 4096, by: 1) {
      for index in page * 4096 + 100..<page * 4096 + 400 { bytes[index] ^= 0x5A }
    }
    try Data(bytes).write(to: URL(filePath: path))
    let ended = try await run(["check", "copy.db"], in: folder, 12)
    #expect(ended.errors.contains("is damaged") || ended.errors.contains("malformed"), "\(ended.errors)")
    let restore = try await run(["restore", "copy.db", "--yes"], in: folder, 12)
    #expect(restore.errors.contains("damaged") || restore.errors.contains("malformed"), "\(restore.errors)")
    #expect(try await run(["check"], in: folder).output.contains("no damage found"), "the queue file is as it was")
  }

  @Test("prune removes finished jobs that are older, and says how many")
  func pruned() async throws {
    let folder = try Folder()
    for name in ["one", "two"] { _ = try await run(Self.entry + [name], in: folder) }
    _ = try await run(["jobs", "cancel", "1"], in: folder)
    let unasked = try await run(["prune", "--older-than", "0s"], in: folder, 2)
    #expect(
      unasked.errors.contains("error[RD0307]: prune would remove those of 1 finished job"),
      "\(unasked.errors)")
    #expect(unasked.errors.contains("add --yes"))
    #expect(try await run(["prune", "--older-than", "1h", "--yes"], in: folder).output == "0 jobs removed\n")
    #expect(try await run(["prune", "--older-than", "0s", "--yes"], in: folder).output == "1 job removed\n")
    let audit = try await run(["audit"], in: folder).output.split(separator: "\n")
    #expect(audit.dropFirst().first?.contains(/prune +1 +--older-than 0s/) == true, "\(audit)")
    #expect(audit.dropFirst(2).first?.contains(/prune +0 +--older-than 1h/) == true, "\(audit)")
    #expect(try await run(["jobs", "list", "-o", "name"], in: folder).output == "2\n")
    #expect(try await run(["prune", "--older-than", "soon"], in: folder, 2).errors.contains("'soon'"))
  }
}
