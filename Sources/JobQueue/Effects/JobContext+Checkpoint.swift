extension JobContext {
  /// Records a step that need not be done again. Durable when this returns.
  ///
  /// `isProgress` says whether this moves the job forward: a part is finished, a state is reached. Then the job is not
  /// given up because of workers it lost earlier, and running out of time does not make this attempt a failure. It is
  /// false for bookkeeping. `isPartDone` says whether the other side did a part of the work, and did not merely answer:
  /// others may then pass the job's gate, even if this job takes hours. The records are committed with the checkpoint;
  /// a record that was to be new but already exists stays as it is, and the attempt's notes say so.
  /// - Throws: ``JobStoreError`` `leaseLost` if the job is not ours any more.
  public func checkpoint(
    _ key: String, _ value: some Encodable & Sendable, isProgress: Bool = false, isPartDone: Bool = false,
    recording records: [RecordWrite] = []
  ) async throws {
    let entry = JournalEntry.checkpoint(key: key, json: try JSONText.encode(value))
    let kept = records.map { JournalEntry.record($0) }
    try await write([entry] + kept + (isProgress ? [.progress] : []) + (isPartDone ? [.partDone] : []))
    if isProgress { attemptNotes.noteProgress() }
    try await reached(.checkpointWritten)
  }

  /// The value recorded under `key` by this attempt or an earlier one.
  public func checkpoint<Value: Decodable>(_ key: String, as type: Value.Type) async throws -> Value? {
    try await journal().checkpoints[key].map { try JSONText.decode(type, from: $0) }
  }

  /// All values recorded under keys that begin with `prefix`, by the rest of their keys.
  public func checkpoints<Value: Decodable>(under prefix: String, as type: Value.Type) async throws -> [String: Value] {
    var values: [String: Value] = [:]
    for (key, json) in try await journal().checkpoints where key.hasPrefix(prefix) {
      values[String(key.dropFirst(prefix.count))] = try JSONText.decode(type, from: json)
    }
    return values
  }

  /// Removes checkpoints that are no longer valid.
  public func removeCheckpoints(_ keys: [String]) async throws {
    try await write(keys.map { .removal(checkpoint: $0) })
  }
}
