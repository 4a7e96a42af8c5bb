import JobQueue
import JobQueueTestKit
import Testing

@testable import SQLiteJobStore

@Suite("Jobs that must wait cost the others nothing")
struct LaneTests {
  /// The steps of SQLite's machine that the lease of one job takes, with so many jobs behind a closed gate and as many
  /// behind a concurrency key that is held.
  private func steps(past waiting: Int) async throws -> Int {
    let directory = try TemporaryDirectory(in: TemporaryDirectory.fastest)
    let store = try await SQLiteJobStore.open(at: directory.database)
    try await store.closeGate("a", until: nil, reason: "test", at: at(0))
    _ = try await store.enqueue([NewJob(kind: "held", concurrencyKey: "k", priority: 9)], at: at(0))
    let request = LeaseRequest(owner: WorkerID("w"), limits: [.init(queue: "default", count: 1)])
    #expect(try await store.lease(request, at: at(1)).count == 1)
    for _ in 0..<(waiting / 5000) {
      let behind = [
        NewJob(kind: "behind", gate: "a", priority: 5), NewJob(kind: "behind", concurrencyKey: "k", priority: 5),
      ]
      _ = try await store.enqueue(Array(repeating: behind, count: 5000).flatMap { $0 }, at: at(1))
    }
    let free = try await store.enqueue([NewJob(kind: "free", gate: "b")], at: at(2))[0].id
    let before = try await store.steps()
    #expect(try await store.lease(request, at: at(3)).map(\.job.id) == [free])
    let steps = try await store.steps() - before
    await store.close()
    return steps
  }

  @Test("the lease of another job takes as many steps past 100,000 of each kind as past 5,000")
  func past() async throws {
    let few = try await steps(past: 5000)
    let many = try await steps(past: 100_000)
    #expect(few > 0)
    // A deeper tree is no more steps; a walk over what waits would be a hundred thousand.
    #expect(many == few)
  }
}

extension SQLiteJobStore {
  /// How many steps the writing connection's statements have taken.
  fileprivate func steps() async throws -> Int {
    try await writer.perform("steps") { $0.steps }
  }
}
