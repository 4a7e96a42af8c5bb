import JobQueue
import Testing

@testable import SQLiteJobStore

@Suite("Commits")
struct CommitTests {
  @Test("Writes that wait at the same time share commits")
  func grouped() async throws {
    let directory = try TemporaryDirectory()
    let store = try await SQLiteJobStore.open(at: directory.database)
    let before = store.writer.commits
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<200 {
        group.addTask { _ = try await store.enqueue([NewJob(kind: "a")], at: at(0)) }
      }
      try await group.waitForAll()
    }
    #expect(store.writer.commits - before < 200)
    try await #expect(store.status().count(.ready) == 200)
    await store.close()
  }

  @Test("A bad operation fails alone; those that share its commit succeed")
  func alone() async throws {
    try await withStore { store, _ in
      let results = await withTaskGroup(of: Result<Int, any Error>.self) { group in
        for number in 0..<60 {
          group.addTask {
            do {
              let parents: [NewJob.Parent] = number.isMultiple(of: 3) ? [.job(JobID(1_000_000))] : []
              return .success(try await store.enqueue([NewJob(kind: "a", parents: parents)], at: at(0)).count)
            } catch {
              return .failure(error)
            }
          }
        }
        var results: [Result<Int, any Error>] = []
        for await result in group { results.append(result) }
        return results
      }
      let failed = results.filter { if case .failure = $0 { true } else { false } }
      #expect(failed.count == 20)
      try await #expect(store.status().count(.ready) == 40)
    }
  }

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

  @Test("A commit of another process wakes a listener")
  func wake() async throws {
    try await withStore { one, directory in
      let other = try await SQLiteJobStore.open(at: directory.database)
      var wakeUps = one.wakeUps().makeAsyncIterator()
      _ = try await other.enqueue([NewJob(kind: "a")], at: at(0))
      #expect(await wakeUps.next() != nil)
      await other.close()
    }
  }

  @Test("The counters say what counting would")
  func counters() async throws {
    try await withStore { store, directory in
      _ = try await store.enqueue(
        (0..<30).map { NewJob(kind: "a", queue: $0.isMultiple(of: 2) ? "default" : "b") }, at: at(0))
      for outcome in [
        Outcome.done(output: "1"), .hold(why: "x"), .snooze(until: at(90), why: "y"), .handBack(why: "z"),
      ] {
        let job = try #require(try await store.leaseOne(at: at(1)))
        _ = try await store.complete([Completion(lease: job.lease, outcome: outcome)], at: at(2))
      }
      _ = try await store.cancel([JobID(20)], why: "test", at: at(3))
      let counted = try RawDatabase.rows(
        of: "SELECT queue, state, count(*) FROM job GROUP BY queue, state", in: directory.database)
      let status = try await store.status()
      let known = status.counts.flatMap { queue, states in states.map { [queue, $0.key, "\($0.value)"] } }
      #expect(Set(known) == Set(counted))
    }
  }
}
