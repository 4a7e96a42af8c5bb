import Glibc
import JobQueueTestKit
import Testing

extension Trials {
  @Suite("A worker that stands still for longer than its lease", .timeLimit(.minutes(20)))
  struct ZombieTests {
    // worker 1                  | worker 2
    // --------------------------+------------------------------------------
    // leases the jobs           |
    // SIGSTOP                   |
    //                           | the leases end; takes and completes the jobs
    // SIGCONT                   |
    // the jobs end              |
    // offers what came of them  |
    // refused                   |
    @Test(
      "is refused and changes nothing, whether its clock went on or stood still with it",
      arguments: [false, true])
    func refused(clockStoodStill: Bool) async throws {
      try await Stage.open { stage in
        try stage.write("clock", "0")
        #expect(try await stage.enqueue("count=4", "batch=4", "job=4000").end().status == 0)
        let zombie = try await stage.work("lease=6000", "clock=\(stage.folder)/clock")
        try await eventually("the first worker runs the jobs") { stage.lines("tally").count == 4 }
        await zombie.signal(SIGSTOP)
        let stopped = ContinuousClock.now
        let heir = try await stage.work("lease=6000", "idle=yes")
        #expect(await heir.end().status == 0)
        #expect(stage.lines("tally").count == 8)
        #expect(try Inspection(stage).problems.isEmpty)
        if clockStoodStill {
          // It believes that its leases are good, so only the store can tell it otherwise.
          try stage.write("clock", "-\(Int((ContinuousClock.now - stopped) / .milliseconds(1)))")
        }
        await zombie.signal(SIGCONT)
        try await eventually("the zombie was refused") { zombie.errors.contains("lease lost;") }
        let report = try await zombie.terminate().report()
        #expect(report.recorded == 0)
        if clockStoodStill { #expect(report.refused > 0) }
        let inspection = try Inspection(stage)
        #expect(inspection.problems.isEmpty)
        #expect(inspection.lost == 4)
        #expect(inspection.runs.count == 8)
      }
    }

    @Test("at any moment, also in the middle of a write, holds the others up and spoils nothing")
    func storm() async throws {
      let random = SeededRandom(seed: Trials.seed)
      try await Stage.open { stage in
        let source = try await stage.enqueue("pause=40", "job=300")
        var workers: [Child] = []
        for _ in 0..<3 { workers.append(try await stage.work("lease=1000")) }
        try await eventually("jobs run") { stage.lines("tally").count > 10 }
        for _ in 0..<10 {
          let worker = workers[random.below(workers.count)]
          await worker.signal(SIGSTOP)
          // Past its leases.
          try await Task.sleep(for: .milliseconds(1100 + random.below(500)))
          await worker.signal(SIGCONT)
          try await Task.sleep(for: .milliseconds(random.below(300)))
        }
        await source.kill()
        #expect(try await stage.work("slots=16", "idle=yes").end().status == 0)
        for worker in workers { #expect(await worker.terminate().status == 0) }
        let inspection = try Inspection(stage)
        #expect(inspection.problems.isEmpty, "seed \(Trials.seed)")
        #expect(inspection.lost > 0, "seed \(Trials.seed)")
        print("10 stops: \(inspection.jobs) jobs, \(inspection.runs.count) runs, \(inspection.lost) lost")
      }
    }
  }
}
