import FoundationEssentials
import Glibc
import Testing

extension Trials {
  @Suite("A queue file that is taken away under a running program", .timeLimit(.minutes(20)))
  struct ReplacedFileTests {
    /// What somebody does to the file.
    enum Deed: String, CaseIterable, Sendable {
      case deleted
      case moved
      case replaced
      /// What a restored backup does when somebody forgets the files beside it.
      case overwritten

      func done(to stage: Stage) async throws {
        let backup = "\(stage.folder)/backup.db"
        let old = "\(stage.folder)/old.db"
        let suffixes = ["", "-wal", "-shm"]
        switch self {
        case .deleted: for suffix in suffixes { unlink(stage.database + suffix) }
        case .moved: for suffix in suffixes { rename(stage.database + suffix, old + suffix) }
        case .replaced:
          try await Deed.moved.done(to: stage)
          #expect(try await stage.enqueue("count=1").end().status == 0)
        case .overwritten:
          try FileManager.default.copyItem(atPath: stage.database, toPath: backup)
          rename(backup, stage.database)
        }
      }
    }

    @Test("ends the command 'worker' with status 12, also when it has nothing to do", arguments: Deed.allCases)
    func worker(deed: Deed) async throws {
      try await Stage.open { stage in
        let worker = try await stage.rundown(["worker"])
        try await eventually("the worker is known") { stage.workers() == 1 }
        try await deed.done(to: stage)
        let ended = await worker.end()
        #expect(ended.status == 12)
        #expect(ended.errors.contains("error[replaced]"), "\(ended.errors)")
        #expect(ended.errors.contains("stop every worker before"), "\(ended.errors)")
      }
    }

    @Test("ends an idle worker also when only its content is another one, as `cp` of a backup leaves it")
    func content() async throws {
      try await Stage.open { stage in
        let words = ["enqueue", "create-fastly-target", "--connection", "main", "--region", "eu-west-1", "--bucket"]
        #expect(try await stage.rundown(words + ["eu-first"]).end().status == 0)
        let backup = try #require(FileManager.default.contents(atPath: stage.database))
        #expect(try await stage.rundown(words + ["eu-second"]).end().status == 0)
        let worker = try await stage.rundown(["worker", "--queues", "uploads"])
        try await eventually("the worker is known") { stage.workers() == 1 }
        let file = open(stage.database, O_WRONLY | O_TRUNC | O_CLOEXEC)
        #expect(backup.withUnsafeBytes { write(file, $0.baseAddress, $0.count) } == backup.count)
        close(file)
        let ended = await worker.end()
        #expect(ended.status == 12)
        #expect(ended.errors.contains("error[replaced]"), "\(ended.errors)")
        #expect(FileManager.default.contents(atPath: stage.database) == backup)
        #expect(access(stage.database + "-wal", F_OK) == 0)
      }
    }

    @Test("ends with a message, not by a signal, when the index of its log is cut short")
    func indexCutShort() async throws {
      try await Stage.open { stage in
        let worker = try await stage.rundown(["worker"])
        try await eventually("the worker is known") { stage.workers() == 1 }
        #expect(truncate(stage.database + "-shm", 0) == 0)
        let ended = await worker.end()
        #expect(ended.status == 12)
        #expect(ended.errors.contains("error[replaced]"), "\(ended.errors)")
        #expect(ended.errors.contains("-shm"), "\(ended.errors)")
      }
    }

    @Test("acknowledges nothing any more: what was acknowledged lies in the file that was moved")
    func enqueue() async throws {
      try await Stage.open { stage in
        let source = try await stage.enqueue()
        try await eventually("jobs are acknowledged") { stage.lines("acknowledged").count >= 100 }
        try await Deed.moved.done(to: stage)
        let ended = await source.end()
        #expect(ended.status == 1)
        #expect(ended.errors.contains("error[replaced]"), "\(ended.errors)")
        let old = try Inspection(
          "\(stage.folder)/old.db", acknowledged: stage.lines("acknowledged").compactMap { Int($0) }, tally: [],
          atEnd: false)
        #expect(old.problems.isEmpty)
      }
    }

    /// How a file and its log are parted.
    enum Parting: CaseIterable, Sendable {
      case movedAlone, movedWithTurn, logTakenAway
    }

    @Test(
      "from its log after a kill: refused until its log is beside it, and then all is there",
      arguments: Parting.allCases)
    func parted(parting: Parting) async throws {
      try await Stage.open { stage in
        let source = try await stage.enqueue()
        try await eventually("jobs are acknowledged") { stage.lines("acknowledged").count >= 100 }
        await source.kill()
        let log = "\(stage.folder)/taken-wal"
        rename(stage.database + "-wal", log)
        let moved = parting == .logTakenAway ? stage.database : "\(stage.folder)/moved.db"
        rename(stage.database, moved)
        if parting == .movedWithTurn { rename(stage.database + "-turn", moved + "-turn") }
        for words in [["status"], ["jobs", "cancel", "1"], ["worker", "--once"]] {
          let ended = try await stage.rundown(words, database: moved).end()
          #expect(ended.status == 12)
          #expect(ended.errors.contains("error[missing-log]"), "\(ended.errors)")
          #expect(ended.errors.contains("\(moved)-wal"), "\(ended.errors)")
        }
        rename(log, moved + "-wal")
        #expect(try await stage.rundown(["status"], database: moved).end().status == 0)
        let acknowledged = stage.lines("acknowledged").compactMap { Int($0) }
        #expect(try Inspection(moved, acknowledged: acknowledged, tally: [], atEnd: false).problems.isEmpty)
      }
    }

    // worker              | others
    // --------------------+-----------------------------------------
    // has index 1         |
    //                     | index 1 is moved away; two jobs by index 2
    //                     | index 1 comes back; another job
    // writes by index 1?  |
    @Test("by an index that comes back: no number is given twice, and what was acknowledged is there")
    func indexBack() async throws {
      try await Stage.open { stage in
        let worker = try await stage.rundown(["worker", "--queues", "engines"])
        try await eventually("the worker is known") { stage.workers() == 1 }
        var acknowledged: [Int] = []
        func enqueue(_ bucket: String) async throws {
          let ended = try await stage.rundown([
            "enqueue", "create-fastly-target", "--connection", "main", "--region", "eu-west-1", "--bucket", bucket,
          ]).end()
          if ended.status == 0, let number = Int(ended.output.split(separator: "\n").first ?? "") {
            acknowledged.append(number)
          }
        }
        try await enqueue("eu-one")
        rename(stage.database + "-shm", "\(stage.folder)/index")
        for bucket in ["eu-two", "eu-three"] { try await enqueue(bucket) }
        rename("\(stage.folder)/index", stage.database + "-shm")
        try await enqueue("eu-four")
        _ = await worker.terminate()
        #expect(Set(acknowledged).count == acknowledged.count && acknowledged.count >= 3, "\(acknowledged)")
        #expect(try Inspection(stage.database, acknowledged: acknowledged, tally: [], atEnd: false).problems.isEmpty)
      }
    }

    @Test("stops running jobs; the new file is left to those who open it")
    func running() async throws {
      try await Stage.open { stage in
        #expect(try await stage.enqueue("count=4", "batch=4", "job=60000").end().status == 0)
        let worker = try await stage.work()
        try await eventually("jobs run") { stage.lines("tally").count == 4 }
        unlink("\(stage.folder)/acknowledged")
        unlink("\(stage.folder)/tally")
        try await Deed.replaced.done(to: stage)
        #expect(await worker.end().status == 1)
        #expect(try await stage.work("idle=yes").end().status == 0)
        let inspection = try Inspection(stage)
        #expect(inspection.problems.isEmpty)
        #expect(inspection.jobs == 1)
      }
    }

    @Test("by a backup keeps the backup whole: the log of the former file is set aside")
    func overwritten() async throws {
      try await Stage.open { stage in
        #expect(try await stage.enqueue("count=20", "batch=20").end().status == 0)
        // Nobody has it open now, so the file is all there is.
        try FileManager.default.copyItem(atPath: stage.database, toPath: "\(stage.folder)/backup.db")
        let source = try await stage.enqueue("pause=5")
        try await eventually("the log has grown") { stage.lines("acknowledged").count > 100 }
        rename("\(stage.folder)/backup.db", stage.database)
        #expect(await source.end().errors.contains("error[replaced]"))
        let backup = try QueueFile.value("SELECT count(*) FROM job", in: stage.database)
        #expect(backup == "20")
        let inspection = try Inspection(stage.database, acknowledged: Array(1...20), tally: [], atEnd: false)
        #expect(inspection.problems.isEmpty)
        #expect(try await stage.work("idle=yes").end().status == 0)
      }
    }

    @Test("by its log alone acknowledges nothing more, and what was acknowledged goes to the file")
    func logDeleted() async throws {
      try await Stage.open { stage in
        let source = try await stage.enqueue()
        try await eventually("jobs are acknowledged") { stage.lines("acknowledged").count > 100 }
        unlink(stage.database + "-wal")
        let ended = await source.end()
        #expect(ended.errors.contains("error[replaced]"), "\(ended.errors)")
        #expect(try Inspection(stage, atEnd: false).problems.isEmpty)
        #expect(try await stage.work("idle=yes").end().status == 0)
        #expect(try Inspection(stage).problems.isEmpty)
      }
    }
  }
}
