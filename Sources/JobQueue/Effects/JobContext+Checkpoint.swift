extension JobContext {
  /// Writes down a step that need not be done again. Durable when this returns.
  ///
  /// `isProgress` says whether the job got further by it: a part is finished, a state is reached. Such a job is neither
  /// given up for the workers it lost before, nor is this attempt a failure when its time runs out. False for bookkeeping.
  /// `isPartDone` says whether the other side did a part of the work by it, and not merely answered: others may go ahead
  /// behind the job's gate, though this job may take hours. The records commit with the checkpoint; one that is there and
  /// was to be new stays as it is, and the attempt's notes tell.
  /// - Throws: ``JobStoreError`` `leaseLost` when the job is not ours any more.
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

  /// The value written down under `key`, by this attempt or an earlier one.
  public func checkpoint<Value: Decodable>(_ key: String, as type: Value.Type) async throws -> Value? {
    try await journal().checkpoints[key].map { try JSONText.decode(type, from: $0) }
  }

  /// All values written down under keys that begin with `prefix`, by the rest of their key.
  public func checkpoints<Value: Decodable>(under prefix: String, as type: Value.Type) async throws -> [String: Value] {
    var values: [String: Value] = [:]
    for (key, json) in try await journal().checkpoints where key.hasPrefix(prefix) {
      values[String(key.dropFirst(prefix.count))] = try JSONText.decode(type, from: json)
    }
    return values
  }

  /// Takes back checkpoints that no longer hold.
  public func removeCheckpoints(_ keys: [String]) async throws {
    try await write(keys.map { .removal(checkpoint: $0) })
  }
}
