import JobQueue
import Testing

@testable import SQLiteJobStore

@Suite("What comes with a lease")
struct LeasedJournalTests {
  @Test("a journal of thousands of parts is left to its handler to ask for: a lease keeps all others from writing")
  func large() async throws {
    let directory = try TemporaryDirectory(in: TemporaryDirectory.fastest)
    let store = try await SQLiteJobStore.open(at: directory.database)
    let request = LeaseRequest(owner: WorkerID("w"), limits: [.init(queue: "default", count: 1)])
    _ = try await store.enqueue([NewJob(kind: "upload")], at: at(0))
    var leased = try #require(try await store.lease(request, at: at(1)).first)
    for (parts, comes) in [(LeasedJournalStatements.mostRows, true), (LeasedJournalStatements.mostRows + 1, false)] {
      let entries = (1...parts).map { JournalEntry.checkpoint(key: "part/\($0)", json: "1") }
      try await store.write(entries, under: leased.lease, at: at(2))
      _ = try await store.complete([Completion(lease: leased.lease, outcome: .handBack(why: "stopped"))], at: at(3))
      leased = try #require(try await store.lease(request, at: at(4)).first)
      #expect((leased.journal != nil) == comes)
      #expect(leased.parentOutputs == [])
      if let journal = leased.journal { #expect(try await store.journal(of: leased.job.id) == journal) }
      let context = JobContext(job: leased, store: store, clock: SystemClock())
      #expect(try await context.checkpoints(under: "part/", as: Int.self).count == parts)
    }
    await store.close()
  }
}
