import JobQueueTestKit
import Testing

extension Trials {
  @Suite("An application's transactions, whose processes are killed", .timeLimit(.minutes(20)))
  struct TransactionKillTests {
    private static let kills = 20

    @Test("its rows and their jobs are there together or not at all, and none that was acknowledged is lost")
    func together() async throws {
      let random = SeededRandom(seed: Trials.seed)
      try await Stage.open { stage in
        func begin() async throws -> Child { try await stage.enqueue("orders=yes", "batch=3", "pause=2") }
        var crew = [try await begin(), try await begin()]
        let worker = try await stage.work("slots=4", "lease=3000")
        for kill in 1...Self.kills {
          try await Task.sleep(for: .milliseconds(20 + random.below(100)))
          try await eventually("jobs are acknowledged") { stage.lines("acknowledged").count > 9 * kill }
          let place = random.below(crew.count)
          await crew[place].kill()
          crew[place] = try await begin()
        }
        for child in crew { await child.kill() }
        #expect(try await stage.work("slots=16", "lease=3000", "idle=yes").end().status == 0)
        #expect(await worker.terminate().status == 0)
        #expect(try Inspection(stage).problems.isEmpty, "seed \(Trials.seed)")
        let view = try QueueFile(stage.database)
        #expect(try view.value("SELECT count(*) FROM app_order") == view.value("SELECT count(*) FROM job"))
        #expect(try view.value("SELECT count(*) FROM app_order WHERE job NOT IN (SELECT id FROM job)") == "0")
      }
    }
  }
}
