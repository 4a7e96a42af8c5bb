import JobQueue
import JobQueueTestKit
import Testing

@Suite("The simulator notices a store that is built wrong")
struct BrokenStoreTests {
  @Test("every defect is found within the default seeds", arguments: Defect.allCases)
  func found(defect: Defect) async throws {
    for seed in UInt64(1)...2000 {
      // A story waits for nothing outside; others need the pool's threads too.
      await Task.yield()
      do {
        _ = try await Simulation(seed: seed, store: BrokenStore(defect)).run()
      } catch let failure as SimulationFailure {
        #expect(failure.seed == seed)
        #expect(!failure.steps.isEmpty && failure.steps.count <= 30)
        // The same seed tells the same story again.
        await #expect(throws: failure) { try await Simulation(seed: seed, store: BrokenStore(defect)).run() }
        return
      }
    }
    Issue.record("nothing was noticed: \(defect.rawValue)")
  }
}
