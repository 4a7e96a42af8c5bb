import Glibc
import JobQueueTestKit
import Testing

extension Trials {
  @Suite("Processes that are killed", .timeLimit(.minutes(20)))
  struct KillTests {
    private static let kills = 100

    @Test("100 kills at moments of chance, of workers and of who enqueues, lose nothing and run nothing again")
    func storm() async throws {
      let random = SeededRandom(seed: Trials.seed)
      try await Stage.open { stage in
        func begin(_ place: Int) async throws -> Child {
          try await place == 0 ? stage.enqueue("pause=10", "job=50") : stage.work("slots=4", "lease=3000")
        }
        var crew: [Child] = []
        for place in 0..<4 { crew.append(try await begin(place)) }
        for kill in 1...Self.kills {
          try await Task.sleep(for: .milliseconds(100 + random.below(300)))
          // However slow the machine: jobs come in between the kills,
          try await eventually("jobs are acknowledged") { stage.lines("acknowledged").count > 5 * kill }
          let place = random.below(crew.count)
          // and most workers are killed at work, some before.
          if place > 0, random.below(4) > 0 {
            let number = "\(crew[place].process)"
            try await eventually("the worker runs a job") {
              stage.lines("tally").contains { $0.hasSuffix(" \(number)") }
            }
          }
          await crew[place].kill()
          crew[place] = try await begin(place)
        }
        await crew[0].kill()
        #expect(try await stage.work("slots=16", "lease=3000", "idle=yes").end().status == 0)
        for worker in crew.dropFirst() { #expect(await worker.terminate().status == 0) }
        let inspection = try Inspection(stage)
        #expect(inspection.problems.isEmpty, "seed \(Trials.seed)")
        // Kills that hit nothing prove nothing.
        #expect(inspection.jobs > 5 * Self.kills, "seed \(Trials.seed)")
        #expect(inspection.lost > Self.kills / 4, "seed \(Trials.seed)")
        print("\(Self.kills) kills: \(inspection.jobs) jobs, \(inspection.runs.count) runs, \(inspection.lost) lost")
      }
    }
  }
}
