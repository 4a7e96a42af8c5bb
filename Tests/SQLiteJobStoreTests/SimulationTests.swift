import JobQueue
import JobQueueTestKit
import SQLiteJobStore
import Testing

@Suite("The SQLite store in a storm")
struct SimulationTests {
  @Test("every promise holds in every story")
  func storm() async throws {
    // In memory, where there is such a place: a story is about order, not about the disk.
    let directories = try (0..<4).map { _ in try TemporaryDirectory(in: TemporaryDirectory.fastest) }
    var stores: [SQLiteJobStore] = []
    for directory in directories { stores.append(try await SQLiteJobStore.open(at: directory.database)) }
    let result: Result<Simulation.Summary, any Error>
    do { result = .success(try await Simulation.storm(Simulation.seeds(count: 300), on: stores)) } catch {
      result = .failure(error)
    }
    for store in stores { await store.close() }
    let sum = try result.get()
    // A storm in which nothing happens proves nothing.
    #expect(sum.refusals > 0 && sum.crashes > 0 && sum.lateRequests > 0)
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
