import JobQueue
import JobQueueTestKit
import Synchronization
import Testing

@Suite("What a job writes down while it runs")
struct CheckpointTests {
  private struct Part: Codable, Equatable {
    var etag: String
    var bytes: Int
  }

  @Test("a checkpoint is there in the next attempt, after a crash right behind it")
  func survives() async throws {
    let given = Given()
    let context = try await given.running(faults: ScriptedFaults(at: .checkpointWritten))
    await #expect(throws: SimulatedCrash(at: .checkpointWritten)) {
      try await context.checkpoint("part/1", Part(etag: "e", bytes: 5))
    }
    let next = try await given.takenOver(by: "b")
    #expect(try await next.checkpoint("part/1", as: Part.self) == Part(etag: "e", bytes: 5))
    #expect(try await next.checkpoint("part/2", as: Part.self) == nil)
  }

  @Test(
    "what came with the lease is not asked for again, until this attempt writes; then the store tells what it wrote")
  func known() async throws {
    let given = Given()
    let context = try await given.running()
    try await context.checkpoint("k", 1)
    try await given.complete(context, .handBack(why: "the worker stopped"))
    let leased = try #require(try await given.lease(by: "b"))
    let store = CountingReads(base: given.store)
    let next = JobContext(job: leased, store: store, clock: given.clock)
    #expect(try await next.checkpoint("k", as: Int.self) == 1)
    #expect(try await !next.hasAsked(for: "create"))
    #expect(try await next.parentOutputs().isEmpty)
    #expect(store.reads.load(ordering: .relaxed) == 0)
    try await next.checkpoint("k", 2)
    for _ in 0..<2 { #expect(try await next.checkpoint("k", as: Int.self) == 2) }
    #expect(store.reads.load(ordering: .relaxed) == 1)
    let bare = JobContext(job: LeasedJob(job: leased.job, lease: leased.lease), store: store, clock: given.clock)
    #expect(try await bare.checkpoint("k", as: Int.self) == 2)
  }

  @Test("checkpoints under a prefix come by the rest of their key; removed ones do not")
  func prefix() async throws {
    let given = Given()
    let context = try await given.running()
    for (key, bytes) in [("part/1", 1), ("part/2", 2), ("part/3", 3), ("upload", 9)] {
      try await context.checkpoint(key, bytes)
    }
    try await context.removeCheckpoints(["part/2"])
    #expect(try await context.checkpoints(under: "part/", as: Int.self) == ["1": 1, "3": 3])
  }

  @Test("a record of an effect is there with its result, made or found, and never without it")
  func recordOfEffect() async throws {
    let given = Given()
    let context = try await given.running()
    func shown() async throws -> [String] { try await given.store.records(RecordQuery("c")).map(\.key) }
    try context.record(RecordWrite("c", "create", json: "1"), withResultOf: "create")
    try context.record(RecordWrite("c", "other", json: "1"), withResultOf: "other")
    #expect(throws: JobStoreError.self) { try context.record(RecordWrite("", "k", json: "1"), withResultOf: "create") }
    try await context.checkpoint("k", 1, recording: [RecordWrite("c", "checkpoint", json: "1")])
    #expect(try await shown() == ["checkpoint"])
    try await given.create(context)
    #expect(try await shown() == ["checkpoint", "create"])
  }

  @Test("notes are stored with the next write and say when they were taken")
  func notes() async throws {
    let given = Given()
    let context = try await given.running()
    let takenAt = given.clock.now()
    context.note("asked the engine")
    given.clock.advance(by: .seconds(3))
    #expect(try await given.store.attempts(of: context.job.id)[0].notes.isEmpty)
    try await context.checkpoint("k", 1)
    #expect(
      try await given.store.attempts(of: context.job.id)[0].notes == [Note(at: takenAt, text: "asked the engine")])
    try await context.checkpoint("k", 2)
    #expect(try await given.store.attempts(of: context.job.id)[0].notes.count == 1)
  }

  @Test("notes of a write that failed are not lost")
  func notesOfFailedWrite() async throws {
    let given = Given()
    let attemptNotes = AttemptNotes()
    _ = try await given.enqueue()
    let context = given.context(try #require(try await given.lease()), attemptNotes: attemptNotes)
    context.note("first")
    await #expect(throws: JobStoreError.self) {
      try await context.checkpoint("k", String(repeating: "x", count: 1 << 20 + 1))
    }
    context.note("second")
    #expect(attemptNotes.take().map(\.text) == ["first", "second"])
  }

  @Test("a job that talks without end keeps its first lines and how many were left out")
  func manyNotes() {
    let attemptNotes = AttemptNotes()
    for line in 0..<(AttemptNotes.limit + 30) {
      attemptNotes.add(Note(at: Timestamp(milliseconds: 1), text: "\(line)"))
    }
    let notes = attemptNotes.take()
    #expect(notes.count == AttemptNotes.limit + 1)
    #expect(notes.first?.text == "0")
    #expect(notes.last?.text.contains("30 more") == true)
    #expect(attemptNotes.take().isEmpty)
  }

  @Test("a job's mark names its store and its number")
  func mark() async throws {
    let given = Given()
    let context = try await given.running()
    #expect(context.mark == "\(given.store.identity)-\(context.job.id)")
  }

  @Test("a job reads what its parents put out")
  func parentOutputs() async throws {
    let given = Given()
    let parent = try await given.running()
    let child = try await given.enqueue(NewJob(kind: "child", parents: [.job(parent.job.id)]))
    try await given.complete(parent, .done(output: #"{"id":7}"#))
    let context = given.context(try #require(try await given.lease()))
    #expect(context.job.id == child)
    #expect(
      try await context.parentOutputs() == [ParentOutput(job: parent.job.id, kind: "create", output: #"{"id":7}"#)])
  }
}

/// Counts how often it is asked what a lease brings.
private final class CountingReads: StoreWrapper {
  let base: any JobStore
  let reads = Atomic(0)

  init(base: any JobStore) { self.base = base }

  func journal(of job: JobID) async throws -> Journal {
    reads.add(1, ordering: .relaxed)
    return try await base.journal(of: job)
  }

  func parentOutputs(of job: JobID) async throws -> [ParentOutput] {
    reads.add(1, ordering: .relaxed)
    return try await base.parentOutputs(of: job)
  }
}
