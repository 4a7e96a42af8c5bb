import JobQueue
import JobQueueTestKit
import SQLiteJobStore
import Testing

/// One statement takes in as many jobs of a call as it can. What comes of it is compared with the model, which takes in
/// one after the other.
@Suite("Jobs on their way in")
struct ArrivalsTests {
  /// Two stores that are told the same, and which numbers are the same job.
  private struct Twins {
    let model = InMemoryJobStore(random: SeededRandom(seed: 1))
    let store: SQLiteJobStore
    /// The store's number of the model's job.
    var numbers: [JobID: JobID] = [:]

    mutating func enqueue(_ jobs: [NewJob], at now: Timestamp) async throws {
      let expected = try await model.enqueue(jobs, at: now)
      let translated = jobs.map { job in
        var job = job
        job.parents = job.parents.map { parent in
          guard case .job(let id) = parent, let number = numbers[id] else { return parent }
          return .job(number)
        }
        return job
      }
      let receipts = try await store.enqueue(translated, at: now)
      #expect(receipts.map(\.state) == expected.map(\.state))
      #expect(receipts.map(\.alreadyPresent) == expected.map(\.alreadyPresent))
      for (one, other) in zip(expected, receipts) {
        #expect(numbers[one.id, default: other.id] == other.id)
        numbers[one.id] = other.id
      }
    }

    /// Both run and complete some jobs that are ready.
    func complete(_ count: Int, at now: Timestamp) async throws {
      let request = LeaseRequest(owner: worker, limits: [.init(queue: "default", count: count)])
      let leased = try await model.lease(request, at: now)
      let others = try await store.lease(request, at: now)
      #expect(leased.map { numbers[$0.job.id] } == others.map(\.job.id))
      _ = try await model.complete(leased.map { Completion(lease: $0.lease, outcome: .done(output: "1")) }, at: now)
      _ = try await store.complete(others.map { Completion(lease: $0.lease, outcome: .done(output: "1")) }, at: now)
    }

    func compare() async throws {
      let expected = try await model.jobs(JobQuery(limit: 1000)).sorted { $0.id < $1.id }
      let jobs = try await store.jobs(JobQuery(limit: 1000)).sorted { $0.id < $1.id }
      #expect(jobs.map(\.id) == expected.map { numbers[$0.id] })
      for (job, other) in zip(jobs, expected) {
        var (one, two) = (job, other)
        // Reasons name other jobs by number.
        #expect((one.waitReason == nil) == (two.waitReason == nil))
        (one.waitReason, two.waitReason, two.id) = (nil, nil, one.id)
        #expect(one == two)
        let parents = try await model.relatives(of: other.id).parents.compactMap { numbers[$0] }
        #expect(try await store.relatives(of: job.id).parents.sorted() == parents.sorted())
      }
      #expect(try await store.status().counts == model.status().counts)
    }
  }

  private static func job(_ number: Int, in batch: Int, known: [JobID], at now: Int, _ random: inout SeededRandom)
    -> NewJob
  {
    var job = NewJob(kind: "kind-\(Int.random(in: 0...2, using: &random))", payload: "{\"number\":\(number)}")
    if Bool.random(using: &random) { job.uniqueKey = "key-\(Int.random(in: 0...9, using: &random))" }
    if Int.random(in: 0...3, using: &random) == 0 { job.runAt = at(now + Int.random(in: -5...5, using: &random)) }
    if Int.random(in: 0...3, using: &random) == 0 { job.labels = ["show": "late \(number)"] }
    job.priority = Int.random(in: -1...1, using: &random)
    if Int.random(in: 0...2, using: &random) == 0 {
      if number > 0 { job.parents.append(.batch(Int.random(in: 0..<number, using: &random))) }
      if let parent = known.randomElement(using: &random) { job.parents.append(.job(parent)) }
    }
    return job
  }

  @Test("come to the same by one statement as one by one", arguments: 1...60)
  func same(seed: UInt64) async throws {
    try await withStore { store, _ in
      var random = SeededRandom(seed: seed)
      var twins = Twins(store: store)
      for batch in 0..<8 {
        let known = twins.numbers.keys.sorted()
        var jobs: [NewJob] = []
        for number in 0..<Int.random(in: 1...20, using: &random) {
          jobs.append(Self.job(number, in: batch, known: known, at: batch, &random))
        }
        try await twins.enqueue(jobs, at: at(batch))
        try await twins.complete(Int.random(in: 0...6, using: &random), at: at(batch))
      }
      try await twins.compare()
    }
  }

  @Test("a parent that stands in the same call is found by its number, too")
  func guessed() async throws {
    try await withStore { store, _ in
      let receipts = try await store.enqueue(
        [
          NewJob(kind: "a"), NewJob(kind: "b", parents: [.job(JobID(1))]), NewJob(kind: "c", parents: [.job(JobID(2))]),
        ],
        at: at(0))
      #expect(receipts.map(\.state) == [.ready, .blocked, .blocked])
      await #expect(throws: JobStoreError.self) {
        try await store.enqueue([NewJob(kind: "a"), NewJob(kind: "b", parents: [.job(JobID(5))])], at: at(0))
      }
    }
  }
}
