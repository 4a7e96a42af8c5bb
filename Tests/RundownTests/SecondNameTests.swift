import FoundationEssentials
import Glibc
import Testing

@Suite("A queue file with several names (hard links)", .timeLimit(.minutes(5)))
struct SecondNameTests {
  private static let commands = [
    EnqueueTests.target, ["worker"], ["worker", "--once"], ["jobs", "retry", "1"], ["status"], ["jobs", "list"],
  ]

  private func jobs(_ studio: Studio) async throws -> [JobsTests.Listed.Job] {
    try await studio.run(["jobs", "list", "--json"]).json(JobsTests.Listed.self).jobs
  }

  @Test(
    "is refused by every command, with the way to find the others; once they are gone all goes on", arguments: commands)
  func refused(arguments: [String]) async throws {
    let folder = try Folder()
    try #require(try await Command.run(EnqueueTests.target, in: folder).status == 0)
    let second = "\(folder.path)/snapshot.db"
    try #require(link(folder.database, second) == 0)
    let bytes = try Data(contentsOf: URL(filePath: folder.database))
    for database in [folder.database, second] {
      let ended = try await Command.run(arguments + ["--database", database], in: folder)
      #expect(ended.status == 12, "\(ended.errors)")
      #expect(ended.output == "")
      #expect(ended.errors.contains("error[hard-linked]: open \(database): the file has 2 names"), "\(ended.errors)")
      #expect(ended.errors.contains("find DIRECTORY -samefile \(database)"), "\(ended.errors)")
      #expect(ended.errors.split(separator: "\n").count { $0.contains("error[") } == 1)
    }
    #expect(try Data(contentsOf: URL(filePath: folder.database)) == bytes)
    try #require(unlink(second) == 0)
    #expect(
      try await Command.run(EnqueueTests.target.map { $0 == "eu-live" ? "eu-two" : $0 }, in: folder).output == "2\n")
  }

  // worker                          | others
  // --------------------------------+------------------------------------------
  // runs job 1, whose engine is slow|
  //                                 | a snapshot tool links the file, twice
  // completes it, leases job 2 …    | enqueue is refused
  //                                 | the links are removed, enqueue works again
  // completes that one too, ends    |
  @Test(
    "while a worker runs is logged once; the worker goes on, and others are refused until the other name is gone")
  func later() async throws {
    try await Studio.open { studio in
      let database = studio.folder.database
      func entry(_ name: String) -> [String] { Studio.entry.map { $0 == "cam-01-s3" ? name : $0 } }
      try await studio.fault(
        #"{"listener":"engine fra1","kind":"slow","delayMilliseconds":1500,"method":"POST","count":1}"#)
      for name in ["cam-01", "cam-02", "cam-03"] { #expect(try await studio.run(entry(name)).status == 0) }
      let worker = try studio.start(["worker", "--concurrency", "1"])
      // On a busy machine the first job may have ended by the time that somebody looks.
      try await eventually { try await ["running", "completed"].contains(jobs(studio).first { $0.id == 1 }?.state) }
      let links = ["\(studio.folder.path)/snapshot-1.db", "\(studio.folder.path)/snapshot-2.db"]
      for path in links { try #require(link(database, path) == 0) }
      let refused = try await studio.run(entry("cam-04"))
      #expect(refused.status == 12 && refused.output == "", "\(refused.errors)")
      #expect(refused.errors.contains("error[hard-linked]"))
      try await eventually { try await studio.engine().created == 3 }
      try await eventually { worker.errors.contains("code=hard-linked") }
      for path in links { try #require(unlink(path) == 0) }
      #expect(try await studio.run(entry("cam-04")).output == "4\n")
      try await eventually { try await studio.engine().created == 4 }
      worker.signal(SIGTERM)
      let ended = try await worker.end()
      #expect(ended.status == 0, "\(ended.errors)")
      let told = ended.errors.split(separator: "\n").filter { $0.contains("code=hard-linked") }
      #expect(told.count == 1 && told.first?.contains(" error ") == true, "\(ended.errors)")
      let done = try await jobs(studio)
      #expect(done.count == 4 && done.allSatisfy { $0.state == "completed" && $0.failures == 0 })
    }
  }
}
