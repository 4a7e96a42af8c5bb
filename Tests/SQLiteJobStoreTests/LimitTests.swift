import JobQueue
import JobQueueTestKit
import Testing

@testable import SQLiteJobStore

@Suite("Limits and odd input")
struct LimitTests {
  static let word = String(repeating: "x", count: 513)
  static let text = String(repeating: "x", count: (1 << 20) + 1)

  @Test(
    "A job beyond a limit is refused with its whole batch",
    arguments: [
      NewJob(kind: ""), NewJob(kind: word), NewJob(kind: "a", queue: word), NewJob(kind: "a", payload: text),
      NewJob(kind: "a", uniqueKey: String(repeating: "x", count: 2049)), NewJob(kind: "a", labels: [word: "v"]),
      NewJob(kind: "a", labels: ["n": word]),
      NewJob(kind: "a", labels: Dictionary(uniqueKeysWithValues: (0..<65).map { ("n\($0)", "v") })),
      NewJob(kind: "a", parents: (1...1001).map { .job(JobID($0)) }), NewJob(kind: "a", maxAttempts: 0),
    ])
  func refused(job: NewJob) async throws {
    try await withStore { store, _ in
      let error = await #expect(throws: JobStoreError.self) {
        try await store.enqueue([NewJob(kind: "good"), job], at: at(0))
      }
      #expect(error?.code == .invalid)
      #expect(error?.operation == "enqueue")
      try await #expect(store.jobs(JobQuery()).isEmpty)
    }
  }

  @Test("The largest payload is taken and given back as it was")
  func largest() async throws {
    try await withStore { store, _ in
      let payload = "\"" + String(repeating: "ä", count: (1 << 19) - 1) + "\""
      _ = try await store.enqueue([NewJob(kind: "a", payload: payload)], at: at(0))
      try await #expect(store.jobs(JobQuery()).first?.payload == payload)
    }
  }

  @Test("More than ten thousand jobs, leases or ends do not fit one call of a program")
  func batches() async throws {
    try await withStore { store, _ in
      let lease = Lease(job: JobID(1), owner: worker, token: 1)
      let calls: [@Sendable () async throws -> Void] = [
        { _ = try await store.enqueue(Array(repeating: NewJob(kind: "a"), count: 10_001), at: at(0)) },
        { _ = try await store.extend(Array(repeating: lease, count: 10_001), by: .seconds(1), at: at(0)) },
        {
          let completion = Completion(lease: lease, outcome: .done(output: "1"))
          _ = try await store.complete(Array(repeating: completion, count: 10_001), at: at(0))
        },
      ]
      for call in calls {
        let error = await #expect(throws: JobStoreError.self) { try await call() }
        #expect(error?.code == .invalid)
      }
    }
  }

  @Test("A person's verb takes however many jobs a filter chose")
  func manyJobs() async throws {
    try await withStore { store, _ in
      let batches = [10_000, 1].map { Array(repeating: NewJob(kind: "a"), count: $0) }
      var ids: [JobID] = []
      for batch in batches { ids += try await store.enqueue(batch, at: at(0)).map(\.id) }
      try await #expect(store.cancel(ids, why: "w", at: at(1)).count == 10_001)
      try await #expect(store.retry(ids, at: at(2)).count == 10_001)
      try await #expect(store.status().counts == ["default": ["ready": 10_001]])
    }
  }

  @Test("Journal entries and outputs beyond a limit are refused, and the job can go on")
  func journal() async throws {
    try await withStore { store, _ in
      _ = try await store.enqueue([NewJob(kind: "a")], at: at(0))
      let lease = try #require(try await store.leaseOne(at: at(1))).lease
      let entries: [JournalEntry] = [
        .intent(effect: Self.word), .checkpoint(key: Self.word, json: "1"), .checkpoint(key: "k", json: Self.text),
        .result(effect: "e", json: Self.text, origin: .performed, claim: nil),
        .result(effect: "e", json: "1", origin: .performed, claim: Self.word),
      ]
      for entry in entries {
        let error = await #expect(throws: JobStoreError.self) {
          try await store.write([.checkpoint(key: "fine", json: "1"), entry], under: lease, at: at(2))
        }
        #expect(error?.code == .invalid)
      }
      try await #expect(store.journal(of: lease.job) == Journal())
      let error = await #expect(throws: JobStoreError.self) {
        try await store.complete([Completion(lease: lease, outcome: .done(output: Self.text))], at: at(2))
      }
      #expect(error?.code == .invalid)
      let receipts = try await store.complete([Completion(lease: lease, outcome: .done(output: "1"))], at: at(3))
      #expect(receipts == [.recorded(.completed)])
    }
  }

  @Test("A limit below zero means none")
  func negative() async throws {
    try await withStore { store, _ in
      _ = try await store.enqueue([NewJob(kind: "a"), NewJob(kind: "b", runAt: at(1))], at: at(0))
      try await #expect(store.jobs(JobQuery(limit: -1)).isEmpty)
      try await #expect(store.promoteDue(at: at(5), limit: -1).count == 0)
      let request = LeaseRequest(owner: worker, limits: [.init(queue: "default", count: -1)])
      try await #expect(store.lease(request, at: at(5)).isEmpty)
    }
  }

  @Test("Names, values and texts mean themselves, whatever characters they have")
  func quoting() async throws {
    try await withStore { store, _ in
      let odd = #"a"b\c'd%e_f.$[0] ä"# + "\n\t🎬"
      let jobs = [
        NewJob(kind: odd, queue: odd, payload: odd, uniqueKey: odd, labels: [odd: odd]),
        NewJob(kind: "plain", payload: #"a"b\c'dXeYf"#, labels: ["a": "b"]),
      ]
      let id = try await store.enqueue(jobs, at: at(0))[0].id
      let queries = [
        JobQuery(kinds: [odd]), JobQuery(queues: [odd]), JobQuery(labels: [odd: odd]),
        JobQuery(payloadContains: "d%e_f"),
      ]
      for query in queries { try await #expect(store.jobs(query).map(\.id) == [id]) }
      let job = try #require(try await store.jobs(JobQuery(ids: [id])).first)
      #expect([job.kind, job.queue, job.payload, job.uniqueKey, job.labels[odd]] == [odd, odd, odd, odd, odd])
      try await #expect(store.status().counts[odd] == ["ready": 1])
    }
  }

  @Test("Pages by number show every job once, newest first")
  func pages() async throws {
    try await withStore { store, _ in
      let ids = try await store.enqueue(Array(repeating: NewJob(kind: "a"), count: 25), at: at(0)).map(\.id)
      var seen: [JobID] = []
      while case let page = try await store.jobs(JobQuery(before: seen.last, limit: 10)), !page.isEmpty {
        seen += page.map(\.id)
      }
      #expect(seen == ids.reversed())
    }
  }

  @Test("Whoever called a running job off is quoted when it ends")
  func reason() async throws {
    try await withStore { store, _ in
      for end in [Outcome.handBack(why: "the worker stops"), .snooze(until: at(90), why: "later")] {
        _ = try await store.enqueue([NewJob(kind: "a")], at: at(0))
        let lease = try #require(try await store.leaseOne(at: at(1))).lease
        _ = try await store.cancel([lease.job], why: "wrong venue", at: at(2))
        _ = try await store.complete([Completion(lease: lease, outcome: end)], at: at(3))
        let job = try #require(try await store.jobs(JobQuery(ids: [lease.job])).first)
        #expect(job.state == .cancelled)
        #expect(job.waitReason == "wrong venue")
        try await #expect(store.attempts(of: lease.job).first?.why == "wrong venue")
      }
    }
  }
}
