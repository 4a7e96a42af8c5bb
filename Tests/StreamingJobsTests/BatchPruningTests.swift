import JobQueue
import JobQueueTestKit
import StreamingJobs
import Testing

@Suite("Pruning of batches")
struct BatchPruningTests {
  private let store = InMemoryJobStore(random: SeededRandom(seed: 1))
  private let start = Timestamp(milliseconds: 1_795_831_200_000)

  private func add(_ name: String, _ keys: [String], at seconds: Int) async throws -> [JobID] {
    let now = start + .seconds(seconds)
    let batch = Batch(name: name, verb: "enqueue", source: "x", who: "ana@venue-3", at: now, asked: keys.count)
    let write = try RecordWrite(Batch.collection, name, batch)
    let jobs = keys.map { NewJob(kind: "work", uniqueKey: $0, labels: [Batch.label: name]) }
    return try await store.enqueue(jobs, recording: [write], at: now).map(\.id)
  }

  private func names() async throws -> [String] { try await store.records(RecordQuery(Batch.collection)).map(\.key) }

  @Test("removes those that are old and have no job any more, and no others", arguments: [0, 1, 7, 64])
  func removes(others: Int) async throws {
    for number in 0..<others { _ = try await store.enqueue([NewJob(kind: "other")], at: start + .seconds(number)) }
    let gone = try await add("gone", ["a", "b"], at: 100)
    let half = try await add("half", ["c", "d"], at: 100)
    _ = try await add("open", ["e"], at: 101)
    let young = try await add("young", ["f"], at: 500)
    for number in 0..<others {
      _ = try await store.enqueue([NewJob(kind: "other")], at: start + .seconds(500 + number))
    }
    let ended = gone + [half[0]] + young
    _ = try await store.cancel(ended, why: "enough", by: Operator("ana"), at: start + .seconds(600))
    #expect(try await store.prune(finishedBefore: start + .seconds(700), limit: 100) == 4)
    #expect(try await BatchPruning.run(in: store, addedBefore: start + .seconds(100)) == 0)
    #expect(try await BatchPruning.run(in: store, addedBefore: start + .seconds(500)) == 1)
    #expect(try await names() == ["half", "open", "young"])
    #expect(try await BatchPruning.run(in: store, addedBefore: start + .seconds(501)) == 1)
    #expect(try await names() == ["half", "open"])
  }
}
