import FoundationEssentials
import Glibc
import Testing

extension Trials {
  @Suite("A write-ahead log that a dead process left behind", .timeLimit(.minutes(20)))
  struct LeftLogTests {
    /// Enqueues, and dies with jobs that only the log holds.
    private func leaveLog(_ stage: Stage) async throws {
      let source = try await stage.enqueue("batch=3", "pause=5")
      try await eventually("jobs are acknowledged") { stage.lines("acknowledged").count >= 60 }
      await source.kill()
      try FileManager.default.copyItem(atPath: stage.database, toPath: "\(stage.folder)/alone.db")
      // Without its log the file does not hold them all: else the trial shows nothing.
      let alone = try? QueueFile.value("SELECT count(*) FROM job", in: "\(stage.folder)/alone.db")
      try #require(alone.flatMap { Int($0) } ?? 0 < stage.lines("acknowledged").count)
    }

    private func workOff(_ stage: Stage) async throws {
      let ended = try await stage.work("idle=yes").end()
      #expect(ended.status == 0, "\(ended.errors)")
      #expect(try Inspection(stage).problems.isEmpty)
    }

    @Test("is read by the next one")
    func left() async throws {
      try await Stage.open { stage in
        try await leaveLog(stage)
        try await workOff(stage)
      }
    }

    @Test("is read by the next one without the shared memory, which a machine that lost its power does not keep")
    func withoutSharedMemory() async throws {
      try await Stage.open { stage in
        try await leaveLog(stage)
        try #require(unlink(stage.database + "-shm") == 0)
        try await workOff(stage)
      }
    }

    @Test("counts up to its last whole commit when its end is torn", arguments: [1, 24, 4096, 6000])
    func torn(bytes: Int) async throws {
      try await Stage.open { stage in
        try await leaveLog(stage)
        // What the next commit would have left: not whole, and of no commit that was acknowledged.
        try append((0..<bytes).map { UInt8(truncatingIfNeeded: $0 &* 31) }, to: stage.database + "-wal")
        unlink(stage.database + "-shm")
        try await workOff(stage)
      }
    }

    private func append(_ bytes: [UInt8], to path: String) throws {
      let file = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
      try #require(file >= 0)
      defer { close(file) }
      try #require(write(file, bytes, bytes.count) == bytes.count)
    }
  }
}
