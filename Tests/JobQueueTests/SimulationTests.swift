import JobQueue
import JobQueueTestKit
import Testing

@Suite("The model in a storm")
struct SimulationTests {
  @Test("every promise holds in every story")
  func storm() async throws {
    let stores = (0..<4).map { _ in InMemoryJobStore() }
    let seeds = Simulation.seeds()
    let sum = try await Simulation.storm(seeds, on: stores)
    // A storm in which nothing happens proves nothing; a single story, told again by its seed, need not have it all.
    let stories = seeds.count
    guard stories >= 100 else { return }
    #expect(sum.jobs > 5 * stories)
    #expect(sum.attempts > 8 * stories)
    #expect(sum.crashes > stories)
    #expect(sum.refusals > stories / 2)
    #expect(sum.things > 3 * stories)
    #expect(sum.lateRequests > 0)
    #expect(sum.leftHandlers > stories / 20)
    #expect(sum.promoted > stories)
    #expect(sum.takenBack > stories)
    #expect(sum.relays > stories)
    #expect(sum.closures > stories)
    #expect(sum.probes > stories / 2)
    // An attempt has more places to stand still at than a story has steps for many: series are rare.
    #expect(sum.series > stories / 200)
    #expect(sum.turnedAway > stories / 4)
    #expect(sum.outdone > stories / 40)
    #expect(sum.alone > stories / 40)
    #expect(sum.charged > stories / 100)
    #expect(sum.unanswered > 0)
    #expect(sum.lostAnswers > stories)
    #expect(sum.grants > 2 * stories)
    #expect(sum.waits > stories)
    #expect(sum.discarded > stories / 20)
    #expect(sum.records > 5 * stories)
    #expect(sum.keptRecords > stories)
    #expect(sum.refusedEnqueues > stories / 10)
  }

  @Test("a seed tells the same story twice")
  func sameStory() async throws {
    let first = try await Simulation(seed: 42, store: InMemoryJobStore()).run()
    let used = InMemoryJobStore()
    _ = try await Simulation(seed: 41, store: used).run()
    #expect(try await Simulation(seed: 42, store: used).run() == first)
  }
}
