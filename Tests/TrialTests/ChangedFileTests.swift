import FoundationEssentials
import Glibc
import Testing

extension Trials {
  /// What is acknowledged is a number that `rundown enqueue` printed with status 0. It must be found in a file that still
  /// exists and that took it: after the way out that the program itself named, where it refused to go on.
  @Suite("Files that are changed under a worker and those who enqueue", .timeLimit(.minutes(60)))
  struct ChangedFileTests {
    private static let isExhaustive = ProcessInfo.processInfo.environment["RUNDOWN_EXHAUSTIVE"] == "1"
    private static let rounds = isExhaustive ? 0..<100 : 0..<8
    /// One job that was acknowledged: its unique name.
    private typealias Bucket = String

    /// Enqueues one job after the other by the real command.
    private func enqueue(_ stage: Stage, _ name: String, count: Int) async throws -> [Bucket] {
      var acknowledged: [Bucket] = []
      for number in 0..<count {
        let bucket = "eu-\(name)-\(number)"
        let words = ["enqueue", "create-fastly-target", "--connection", "main", "--bucket", bucket]
        let ended = try await stage.rundown(words + ["--region", "eu-west-1"]).end()
        if ended.status == 0, !ended.output.isEmpty { acknowledged.append(bucket) }
        // One message, never a trap.
        #expect([0, 12].contains(ended.status), "\(ended.status): \(ended.errors)")
      }
      return acknowledged
    }

    /// A worker with nothing to do, and three who enqueue while the deed is done; all have ended.
    /// - Returns: what was acknowledged, and what the worker said.
    private func race(
      _ stage: Stage, round: Int, _ deed: @escaping @Sendable () -> Void
    ) async throws -> (acknowledged: Set<Bucket>, worker: Child.Ended) {
      let first = try await enqueue(stage, "first", count: 1)
      let worker = try await stage.rundown(["worker", "--queues", "uploads"])
      try await eventually("the worker is known") { stage.workers() == 1 }
      let acknowledged = try await withThrowingTaskGroup(of: [Bucket].self) { group in
        for name in ["a", "b", "c"] { group.addTask { try await enqueue(stage, name, count: 5) } }
        group.addTask {
          // Somewhere among them, another place in each round.
          try await Task.sleep(for: .milliseconds(round * 37 % 300))
          deed()
          return []
        }
        return try await group.reduce(into: Set(first)) { $0.formUnion($1) }
      }
      return (acknowledged, await worker.terminate())
    }

    /// The buckets of the jobs that the real command shows.
    private func shown(_ database: String, _ stage: Stage) async throws -> Set<Bucket> {
      let ended = try await stage.rundown(["jobs", "list", "--json", "--limit", "1000"], database: database).end()
      #expect(ended.status == 0, "\(ended.errors)")
      let names = try QueueFile.value(
        "SELECT group_concat(json_extract(payload, '$.bucket')) FROM job", in: database)
      #expect(try QueueFile.value("PRAGMA integrity_check", in: database) == "ok")
      let buckets = Set(names.split(separator: ",").map(String.init))
      for bucket in buckets { #expect(ended.output.contains(bucket)) }
      return buckets
    }

    @Test("the index of the log is deleted: every acknowledged job is in the file", arguments: Self.rounds)
    func indexDeleted(round: Int) async throws {
      try await Stage.open { stage in
        let (acknowledged, _) = try await race(stage, round: round) { unlink(stage.database + "-shm") }
        #expect(acknowledged.subtracting(try await shown(stage.database, stage)) == [])
      }
    }

    @Test(
      "the file is renamed: the error says how to put it and its log together; all jobs are there",
      arguments: Self.rounds)
    func renamed(round: Int) async throws {
      try await Stage.open { stage in
        let moved = "\(stage.place)/moved.db"
        let (acknowledged, _) = try await race(stage, round: round) { rename(stage.database, moved) }
        var found: Set<Bucket> = []
        if access(stage.database, F_OK) == 0 {
          found = try await shown(stage.database, stage)
        } else if access(stage.database + "-wal", F_OK) == 0 {
          let refused = try await stage.rundown(["jobs", "list"]).end()
          #expect(refused.status == 12)
          #expect(refused.errors.contains("mv \(stage.database)-wal NEWNAME-wal"), "\(refused.errors)")
          rename(stage.database + "-wal", moved + "-wal")
        }
        found.formUnion(try await shown(moved, stage))
        #expect(acknowledged.subtracting(found) == [])
      }
    }

    @Test(
      "another file comes into the place: it keeps what it held, and no job of the former log enters",
      arguments: Self.rounds)
    func overwritten(round: Int) async throws {
      try await Stage.open { stage in
        let (other, kept) = ("\(stage.place)/other.db", "\(stage.place)/kept.db")
        let words = ["enqueue", "create-fastly-target", "--connection", "main", "--region", "eu-west-1", "--bucket"]
        for bucket in ["eu-other-1", "eu-other-2"] {
          #expect(try await stage.rundown(words + [bucket], database: other).end().status == 0)
        }
        let (acknowledged, _) = try await race(stage, round: round) {
          // The former file stays to be looked at.
          link(stage.database, kept)
          rename(other, stage.database)
        }
        let new = try await shown(stage.database, stage)
        #expect(new.isSuperset(of: ["eu-other-1", "eu-other-2"]))
        #expect(!new.contains("eu-first-0"))
        // Its log was set aside under the number of its inode, or went into it.
        for name in try FileManager.default.contentsOfDirectory(atPath: stage.place)
        where name.hasPrefix("queue.db-wal-") {
          rename("\(stage.place)/\(name)", kept + "-wal")
        }
        let old = try await shown(kept, stage)
        #expect(acknowledged.subtracting(new).subtracting(old) == [])
      }
    }
  }
}
