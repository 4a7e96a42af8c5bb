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
    ])
  func found(defect: WorkerDefect, promise: String) async throws {
    var failures: [SimulationFailure] = []
    for seed in UInt64(1)...40 {
      await Task.yield()
      do {
        _ = try await Self.story(seed, defect).run()
      } catch let failure as SimulationFailure {
        failures.append(failure)
      }
    }
    let failure = try #require(failures.first { $0.what.contains(promise) }, "\(defect): \(failures.map(\.what))")
    await #expect(throws: failure) { try await Self.story(failure.seed, defect).run() }
  }

  @Test("every defect that can be planted is looked for")
  func all() {
    #expect(WorkerDefect.allCases.count == 4)
  }

  private static func story(_ seed: UInt64, _ defect: WorkerDefect) -> Simulation {
    Simulation(seed: seed, store: InMemoryJobStore(), planting: defect)
  }
}
