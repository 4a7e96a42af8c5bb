import JobQueue
import JobQueueTestKit
import SQLiteJobStore
import Testing

@Suite("The SQLite store in a storm")
struct SimulationTests {
  @Test("every promise holds in every story")
  func storm() async throws {
    let seeds = Simulation.seeds(count: 300)
    // In memory, where there is such a place: a story is about order, not about the disk.
    let directories = try (0..<4).map { _ in try TemporaryDirectory(in: TemporaryDirectory.fastest) }
    var stores: [SQLiteJobStore] = []
    for directory in directories { stores.append(try await SQLiteJobStore.open(at: directory.database)) }
    let result: Result<Simulation.Summary, any Error>
    do { result = .success(try await Simulation.storm(seeds, on: stores)) } catch { result = .failure(error) }
    for store in stores { await store.close() }
    let sum = try result.get()
    // A storm in which nothing happens proves nothing; a single story, told again by its seed, need not have it all.
    guard seeds.count >= 100 else { return }
    #expect(sum.refusals > 0 && sum.crashes > 0 && sum.lateCrashes > 0 && sum.successors > 0 && sum.lateRequests > 0)
    #expect(sum.relays > 0 && sum.closures > 0 && sum.probes > 0 && sum.unanswered > 0)
    #expect(sum.grants > 0 && sum.waits > 0 && sum.promoted > 0 && sum.takenBack > 0)
    #expect(sum.records > 0 && sum.keptRecords > 0 && sum.refusedEnqueues > 0)
  }

  @Test("it tells the same stories as the model", arguments: UInt64(1)...20)
  func sameStory(seed: UInt64) async throws {
    let told = try await Simulation(seed: seed, store: InMemoryJobStore()).run()
    try await withStore { store, _ in
      let again = try await Simulation(seed: seed, store: store).run()
      #expect(again == told)
    }
  }
}
