import Testing

extension Trials {
  @Suite("The inspection after a trial", .timeLimit(.minutes(20)))
  struct InspectionTests {
    /// Ten jobs that are done.
    private func given(_ body: (Stage, _ acknowledged: [Int], _ tally: [String]) async throws -> Void) async throws {
      try await Stage.open { stage in
        #expect(try await stage.enqueue("count=10", "batch=10").end().status == 0)
        #expect(try await stage.work("idle=yes").end().status == 0)
        try await body(stage, stage.lines("acknowledged").compactMap { Int($0) }, stage.lines("tally"))
      }
    }

    private func problems(_ stage: Stage, _ acknowledged: [Int], _ tally: [String]) throws -> [String] {
      try Inspection(stage.database, acknowledged: acknowledged, tally: tally, atEnd: true).problems
    }

    @Test("finds nothing wrong with a file that is right")
    func right() async throws {
      try await given { stage, acknowledged, tally in
        #expect(acknowledged.count == 10)
        #expect(tally.count == 10)
        try #expect(problems(stage, acknowledged, tally).isEmpty)
      }
    }

    @Test("finds a lost job, a job that ran again, one that ran unknown, and one that never ran")
    func runs() async throws {
      try await given { stage, acknowledged, tally in
        try #expect(problems(stage, acknowledged + [11], tally) == ["acknowledged and lost: [11]"])
        try #expect(problems(stage, acknowledged, tally + [tally[0]]).count == 1)
        try #expect(problems(stage, acknowledged, tally + ["3 2 1"]).count == 2)
        try #expect(problems(stage, acknowledged, Array(tally.dropLast())).count == 1)
      }
    }

    @Test(
      "finds what is wrong in the file",
      arguments: [
        "UPDATE counter SET jobs = jobs + 1",
        "UPDATE attempt SET outcome = 'lost' WHERE job = 3",
        "INSERT INTO attempt SELECT job, 2, worker, started_at, ended_at, outcome, failure, next_run_at, why FROM attempt WHERE job = 3",
        "DELETE FROM attempt WHERE job = 3",
        "DELETE FROM job WHERE id = 3",
        "INSERT INTO note VALUES (77, 1, 0, 'of no job')",
      ])
    func file(spoiler: String) async throws {
      try await given { stage, acknowledged, tally in
        try QueueFile.execute(spoiler, in: stage.database)
        try #expect(!problems(stage, acknowledged, tally).isEmpty)
      }
    }
  }
}
