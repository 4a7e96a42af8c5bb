import JobQueue
import JobQueueTestKit
import Testing

private struct Ingest: JobParameters {
  static let kind = "ingest"
  static let queue = "default"
  var stream: Int
  var uniqueKey: String? { "ingest:\(stream)" }

  func validate() -> [ParameterIssue] {
    stream < 0 ? [ParameterIssue(field: "stream", message: "is negative")] : []
  }
}

/// Cannot be encoded.
private struct Unwritable: JobParameters {
  static let kind = "unwritable"
  static let queue = "default"
  var number: Int
  var ratio: Double
}

@Suite("Many jobs by one call")
struct BulkTests {
  private let store = InMemoryJobStore(random: SeededRandom(seed: 1))
  private var queue: JobQueue { JobQueue(store: store, clock: VirtualClock()) }

  private func count() async throws -> Int { try await store.status().counts.values.flatMap(\.values).reduce(0, +) }

  @Test("all are in, in their order, with a receipt each", arguments: [0, 1, 999, 1000, 1001, 2500])
  func order(count: Int) async throws {
    let receipts = try await queue.enqueue(contentsOf: (0..<count).map { Ingest(stream: $0) }, .init(priority: 3))
    let jobs = try await store.jobs(JobQuery(limit: 10_000)).sorted { $0.id < $1.id }
    #expect(jobs.map(\.id) == receipts.map(\.id))
    #expect(jobs.map(\.payload) == (0..<count).map { #"{"stream":\#($0)}"# })
    #expect(jobs.allSatisfy { $0.priority == 3 && $0.uniqueKey != nil })
    #expect(receipts.count == count && !receipts.contains(where: \.alreadyPresent))
  }

  @Test("a job that is there already is told, also when it is of the same call")
  func present() async throws {
    _ = try await queue.enqueue(Ingest(stream: 1200))
    let streams = Array(0..<1500) + [7, 1300]
    let receipts = try await queue.enqueue(contentsOf: streams.map { Ingest(stream: $0) })
    #expect(receipts.indices.filter { receipts[$0].alreadyPresent } == [1200, 1500, 1501])
    #expect(receipts[1500].id == receipts[7].id && receipts[1501].id == receipts[1300].id)
    #expect(try await count() == 1500)
  }

  @Test("jobs of several types go in by one commit: a job may wait for one before it, and with a wrong one none is in")
  func several() async throws {
    let ingest = try Ingest(stream: 1).newJob()
    let second = NewJob(kind: "publish", parents: [.batch(0)])
    let receipts = try await queue.enqueue([ingest, second])
    let jobs = try await store.jobs(JobQuery()).sorted { $0.id < $1.id }
    #expect(receipts.map(\.id) == jobs.map(\.id) && jobs.map(\.kind) == ["ingest", "publish"])
    #expect(jobs.map(\.state) == [.ready, .blocked])
    await #expect(throws: JobStoreError.self) {
      try await queue.enqueue([try Ingest(stream: 2).newJob(), NewJob(kind: "publish", parents: [.job(JobID(99))])])
    }
    #expect(try await count() == 2)
  }

  @Test("when one is wrong, none goes in")
  func invalid() async throws {
    let issues = [ParameterIssue(field: "stream", message: "is negative")]
    await #expect(throws: InvalidParameters(kind: "ingest", issues: issues)) {
      try await queue.enqueue(contentsOf: (0..<2000).map { Ingest(stream: $0 == 1999 ? -1 : $0) })
    }
    #expect(try await count() == 0)
  }

  @Test("when one cannot be encoded, the parts before it are in")
  func unwritable() async throws {
    await #expect(throws: (any Error).self) {
      try await queue.enqueue(contentsOf: (0..<2500).map { Unwritable(number: $0, ratio: $0 == 1700 ? .nan : 1) })
    }
    #expect(try await count() == 1000)
  }
}
