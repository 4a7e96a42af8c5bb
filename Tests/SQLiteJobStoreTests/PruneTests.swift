import JobQueue
import JobQueueTestKit
import Testing

@testable import SQLiteJobStore

@Suite("The removal of old jobs")
struct PruneTests {
  @Test("takes fewer jobs in one commit when they have much history, and all of them in the end")
  func muchHistory() async throws {
    try await withStore { store, _ in
      _ = try await store.enqueue(Array(repeating: NewJob(kind: "upload"), count: 9), at: at(0))
      let request = LeaseRequest(owner: WorkerID("w"), limits: [.init(queue: "default", count: 9)])
      for leased in try await store.lease(request, at: at(0)) {
        let parts = (0..<1000).map { JournalEntry.checkpoint(key: "part/\($0)", json: "1") }
        try await store.write(parts, under: leased.lease, at: at(1))
        _ = try await store.complete([Completion(lease: leased.lease, outcome: .done(output: "1"))], at: at(2))
      }
      var removed: [Int] = []
      repeat {
        removed.append(try await store.prune(finishedBefore: at(3), limit: 100))
      } while removed.last != 0
      #expect(removed.reduce(0, +) == 9)
      // Some 1,000 rows each: four of them are enough for one commit.
      #expect(removed.allSatisfy { $0 <= 4 })
      try await #expect(store.jobs(JobQuery()).isEmpty)
    }
  }

  @Test("takes as many plain jobs as it is asked for")
  func plain() async throws {
    try await withStore { store, _ in
      let jobs = try await store.enqueue(Array(repeating: NewJob(kind: "upload"), count: 300), at: at(0)).map(\.id)
      _ = try await store.cancel(jobs, why: "test", at: at(1))
      try await #expect(store.prune(finishedBefore: at(2), limit: 200) == 200)
      try await #expect(store.prune(finishedBefore: at(2), limit: 200) == 100)
      try await #expect(store.prune(finishedBefore: at(2), limit: 200) == 0)
    }
  }
}
