import JobQueue
import JobQueueTestKit
import Testing

@Suite("The simulator notices a worker that is built wrong")
struct BrokenWorkerTests {
  @Test(
    "every defect is found soon, by the promise that it breaks, and by the same story again",
    arguments: [
      (WorkerDefect.completionLost, "which run in its name"), (.heartbeatSkipped, "run out, which ends at"),
      (.refillBeforeEnd, "jobs at once"), (.leaseKeptAtEnd, "has ended and left"),
      (.heartbeatGivesUp, "run out, which ends at"), (.dutyOversleeps, "again after"),
      (.promoterSkips, "left what was due at"), (.nextMomentForgotten, "does its duty 'promote' again after"),
      (.reaperSkips, "looked for lost workers, and left"), (.livingTakenForGone, "for gone, whose processes live"),
      (.leftHandlerWrites, "left to itself wrote into the journal"),
    ])
  func found(defect: WorkerDefect, promise: String) async throws {
    var others: [String] = []
    for seed in UInt64(1)...400 {
      await Task.yield()
      do {
        _ = try await Self.story(seed, defect).run()
      } catch let failure as SimulationFailure {
        guard failure.what.contains(promise) else {
          others.append(failure.what)
          continue
        }
        await #expect(throws: failure) { try await Self.story(failure.seed, defect).run() }
        return
      }
    }
    Issue.record("\(defect): \(others)")
  }

  @Test("every defect that can be planted is looked for")
  func all() {
    #expect(WorkerDefect.allCases.count == 11)
  }

  private static func story(_ seed: UInt64, _ defect: WorkerDefect) -> Simulation {
    Simulation(seed: seed, store: InMemoryJobStore(), planting: defect)
  }
}
