/// A record to be written, and what to do if its key already exists.
public struct RecordWrite: Sendable, Hashable, Codable {
  /// What to do if the collection already has a record with the key.
  public enum Rule: String, Sendable, Hashable, Codable {
    /// It is replaced; only `createdAt` stays.
    case upsert
    /// It stays. In an enqueue or a duty the whole commit is dropped then, and the caller gets `record-exists`. A
    /// running job does not lose its result or its completion because of it: the rest is committed, and its attempt's
    /// notes say so.
    case insertOnly
  }

  /// The collection that it belongs to.
  public var collection: String
  /// Its name in the collection.
  public var key: String
  /// Labels to find it by.
  public var labels: [String: String]
  /// Its content, as JSON text.
  public var value: String
  /// What to do if the record already exists.
  public var rule: Rule
  /// Whether an enqueue writes it only if it inserts a job: if all jobs already exist, it is not written, and if it was
  /// to be new but already exists, it does not refuse the enqueue. All other commits write it in any case.
  public var needsNewJob = false

  /// Creates a write of JSON text.
  public init(
    _ collection: String, _ key: String, labels: [String: String] = [:], json value: String, rule: Rule = .upsert
  ) {
    self.collection = collection
    self.key = key
    self.labels = labels
    self.value = value
    self.rule = rule
  }

  /// Creates a write of a value.
  /// - Throws: the error of encoding it.
  public init(
    _ collection: String, _ key: String, labels: [String: String] = [:], _ value: some Encodable, rule: Rule = .upsert
  ) throws {
    self.init(collection, key, labels: labels, json: try JSONText.encode(value), rule: rule)
  }

  private enum CodingKeys: String, CodingKey {
    case collection, key, labels, value, rule, needsNewJob
  }

  /// Reads a write, also one that was stored before ``needsNewJob`` existed.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try values.decode(String.self, forKey: .collection), try values.decode(String.self, forKey: .key),
      labels: try values.decode([String: String].self, forKey: .labels),
      json: try values.decode(String.self, forKey: .value), rule: try values.decode(Rule.self, forKey: .rule))
    needsNewJob = try values.decodeIfPresent(Bool.self, forKey: .needsNewJob) ?? false
  }
}

extension RecordWrite {
  /// Whether an enqueue writes it.
  /// - Parameter hasNewJob: whether it inserts a job.
  public func isWritten(hasNewJob: Bool) -> Bool { hasNewJob || !needsNewJob }

  /// The record under the key after the write; nil if the present one stays as it is.
  public func applied(to present: Record?, by job: JobID?, at now: Timestamp) -> Record? {
    guard present == nil || rule == .upsert else { return nil }
    return Record(
      collection: collection, key: key, labels: labels, value: value, job: job,
      createdAt: present?.createdAt ?? now, updatedAt: now)
  }

  /// The error for a caller whose commit was dropped because the record already exists.
  public func conflict(_ operation: String) -> JobStoreError {
    JobStoreError(
      code: .recordExists, operation: operation, target: "record \(collection)/\(key)",
      cause: "it already exists, but was to be created; nothing was written",
      hint: "read it: the work may already be enqueued or done")
  }

  /// The note of a running job's attempt if the record already exists.
  public func keptNote(at now: Timestamp) -> Note {
    Note(at: now, text: "record \(collection)/\(key) already existed and was left as it is")
  }
}
