import JobQueue
import SQLiteJobStore
import Testing

/// Two store objects stand for two processes: they share nothing but the file.
@Suite("Races")
struct RaceTests {
  @Test("Two stores on one file racing for a unique key insert it once")
  func uniqueRace() async throws {
    try await withStore { one, directory in
      let other = try await SQLiteJobStore.open(at: directory.database)
      for round in 0..<30 {
        let job = NewJob(kind: "a", uniqueKey: "key-\(round)")
        async let first = one.enqueue([job], at: at(0))
        async let second = other.enqueue([job], at: at(0))
        let receipts = try await first + second
        #expect(receipts.filter { !$0.alreadyPresent }.count == 1)
        #expect(Set(receipts.map(\.id)).count == 1)
      }
      await other.close()
    }
  }

  @Test("Two stores on one file racing for jobs lease each to one of them")
  func leaseRace() async throws {
    try await withStore { one, directory in
      let other = try await SQLiteJobStore.open(at: directory.database)
      _ = try await one.enqueue((0..<200).map { _ in NewJob(kind: "a") }, at: at(0))
      func drain(_ store: SQLiteJobStore, _ owner: WorkerID) async throws -> [JobID] {
        var leased: [JobID] = []
        while let job = try await store.leaseOne(owner, at: at(1)) { leased.append(job.job.id) }
        return leased
      }
      async let first = drain(one, worker)
      async let second = drain(other, otherWorker)
      let leased = try await first + second
      #expect(leased.count == 200)
      #expect(Set(leased).count == 200)
      await other.close()
    }
  }
}
