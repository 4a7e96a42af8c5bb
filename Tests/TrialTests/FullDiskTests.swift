import FoundationEssentials
import Glibc
import Testing

extension Trials {
  @Suite("A disk that is full", .timeLimit(.minutes(20)))
  struct FullDiskTests {
    @Test(
      "stops work, not workers; when there is room again, all that was acknowledged is done",
      .enabled(if: Disk.canMount))
    func fileSystem() async throws {
      try await Stage.open(diskMegabytes: 24) { stage in
        // What is left holds a log that was never copied into the file; what is free later holds more than one.
        let ballast = "\(stage.place)/ballast"
        try Data(count: 22 << 20).write(to: URL(filePath: ballast))
        let source = try await stage.enqueue("batch=20", "pause=20", "stubborn=yes")
        let worker = try await stage.work("slots=2")
        try await eventually("the disk is full") { source.errors.contains("error[full]") }
        // For batches of jobs: what a worker says of itself is smaller and fits for minutes into what they left.
        let rest = "\(stage.place)/rest"
        fill(rest)
        try await eventually("the worker meets it") { worker.errors.contains("the store failed") }
        #expect(try Inspection(stage, atEnd: false).problems.isEmpty)
        let before = stage.lines("acknowledged").count
        unlink(ballast)
        unlink(rest)
        try await eventually("jobs are acknowledged again") { stage.lines("acknowledged").count > before }
        try await finish(stage, source, worker)
      }
    }

    @Test("so that files may not grow: the same")
    func sizeLimit() async throws {
      try await Stage.open { stage in
        let source = try await stage.enqueue("batch=20", "pause=20", "stubborn=yes")
        let worker = try await stage.work("slots=2")
        try await eventually("jobs are done") { stage.lines("tally").count > 20 }
        // The tally and the list of what was acknowledged are smaller.
        for child in [source, worker] { try await stage.limitFiles(of: child, to: "200000") }
        try await eventually("the limit is met") { source.errors.contains("error[") }
        // What is smaller than a batch would fit under it for minutes.
        try await stage.limitFiles(of: worker, to: "20000")
        try await eventually("the worker meets it") { worker.errors.contains("the store failed") }
        #expect(try Inspection(stage, atEnd: false).problems.isEmpty)
        let before = stage.lines("acknowledged").count
        for child in [source, worker] { try await stage.limitFiles(of: child, to: "unlimited") }
        try await eventually("jobs are acknowledged again") { stage.lines("acknowledged").count > before }
        try await finish(stage, source, worker)
      }
    }

    /// Takes what room there is.
    private func fill(_ path: String) {
      let file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
      let page = [UInt8](repeating: 0, count: 4096)
      while write(file, page, page.count) == page.count {}
      close(file)
    }

    private func finish(_ stage: Stage, _ source: Child, _ worker: Child) async throws {
      await source.kill()
      try await eventually("all is done") { try Inspection(stage, atEnd: false).unfinished == 0 }
      // Told when every duty that failed has succeeded again; a heartbeat tries again only after a while.
      try await eventually("the worker says so") { worker.errors.contains("the store is working again") }
      #expect(await worker.terminate().status == 0)
      #expect(try Inspection(stage).problems.isEmpty)
    }
  }
}
