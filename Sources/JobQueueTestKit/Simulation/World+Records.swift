import JobQueue

extension World {
  /// The run's own collection, because a store never forgets a record.
  var collection: String { "s\(seed)" }

  /// A record that a duty wrote as new, if it has done so already.
  var known: RecordWrite { RecordWrite(collection, "duty", json: "0", rule: .insertOnly) }

  /// What is recorded in the commit of an enqueue: the call's own name, so that nobody can do it twice.
  func recordsOfEnqueue() -> [RecordWrite] {
    guard recordRandom.chance(2, in: 3) else { return [] }
    calls += 1
    return [
      RecordWrite(collection, "newest-call", json: "\(calls)"),
      RecordWrite(collection, "call/\(calls)", json: "\(calls)", rule: .insertOnly),
    ]
  }

  /// An enqueue is refused if a record that was to be new already exists.
  func enqueueInVain(_ jobs: [NewJob], _ records: [RecordWrite]) async throws {
    guard oracle.meetsRecord(records) else { return }
    do {
      _ = try await store.enqueue(jobs, recording: records, at: clock.now())
      throw InvariantViolation(what: "jobs were taken in though a record that was to be new is there")
    } catch let error as JobStoreError where error.code == .recordExists {
      log("enqueue: a record is there already")
      summary.refusedEnqueues += 1
    }
    let shown = try await store.jobs(JobQuery(queues: queues, limit: JobLimits.batch)).map(\.id)
    try promise(shown.sorted() == oracle.present, "an enqueue was refused, and left jobs")
    try await checkRecords()
  }

  func checkRecords() async throws {
    try oracle.checkRecords(try await store.records(RecordQuery(collection, limit: JobLimits.batch)))
  }

  /// A duty records what it found.
  func record() async throws {
    calls += 1
    let isNew = recordRandom.chance(1, in: 2)
    let writes = [
      RecordWrite(collection, "duty", labels: ["call": "\(calls)"], json: "\(calls)"),
      RecordWrite(collection, "slot/\(recordRandom.below(4))", json: "\(calls)", rule: isNew ? .insertOnly : .upsert),
    ]
    let isThere = oracle.meetsRecord(writes)
    do {
      try await store.record(writes, at: clock.now())
      try promise(!isThere, "a duty recorded as new what is there")
      oracle.note(writes, by: nil, at: clock.now())
      log("a duty records \(writes.map(\.key))")
    } catch let error as JobStoreError where error.code == .recordExists {
      try promise(isThere, "a duty was refused for a record that is not there")
      log("a duty may not record \(writes.map(\.key))")
    }
  }
}
