import Testing

extension Trials {
  @Suite("A clock that is stepped", .timeLimit(.minutes(20)))
  struct ClockTests {
    private static let hour = 3_600_000

    @Test(
      "forwards and backwards by hours under running jobs loses nothing and runs nothing again after its completion")
    func stepped() async throws {
      try await Stage.open { stage in
        let clock = "clock=\(stage.folder)/clock"
        try stage.write("clock", "0")
        let source = try await stage.enqueue("pause=10", "job=100", clock)
        let workers = [
          try await stage.work("lease=2000", clock), try await stage.work("lease=2000", clock),
          // One process that is not told: its clock and the others' differ by hours.
          try await stage.work("lease=2000"),
        ]
        try await eventually("jobs run") { !stage.lines("tally").isEmpty }
        for shift in [5, -3, 12, -12, 0] {
          let before = try Inspection(stage, atEnd: false)
          try stage.write("clock", "\(shift * Self.hour)")
          try await eventually("work goes on at \(shift) h") { stage.lines("tally").count > before.runs.count + 40 }
          // Whoever is ahead takes the leases of the others for ended, sooner or later.
          guard shift != 0 else { continue }
          try await eventually("jobs are taken back at \(shift) h") {
            try Inspection(stage, atEnd: false).lost > before.lost
          }
        }
        await source.kill()
        try await eventually("all is done") { try Inspection(stage, atEnd: false).unfinished == 0 }
        for worker in workers { #expect(await worker.terminate().status == 0) }
        let inspection = try Inspection(stage)
        #expect(inspection.problems.isEmpty)
        print("stepped clock: \(inspection.jobs) jobs, \(inspection.runs.count) runs, \(inspection.lost) lost")
      }
    }

    @Test("backwards by hours keeps the lease of a long job alive")
    func backwards() async throws {
      try await Stage.open { stage in
        try stage.write("clock", "0")
        let clock = "clock=\(stage.folder)/clock"
        #expect(try await stage.enqueue("count=1", "job=9000").end().status == 0)
        let worker = try await stage.work("lease=6000", "idle=yes", clock)
        try await eventually("the job runs") { stage.lines("tally").count == 1 }
        try stage.write("clock", "\(-2 * Self.hour)")
        // Its own clock is behind by now, so every lease that it renews has ended for the others, who may take the job.
        #expect(await worker.end().status == 0)
        let inspection = try Inspection(stage)
        #expect(inspection.problems.isEmpty)
        #expect(inspection.runs.count == 1)
      }
    }
  }
}
