/// A record to be written, and what is to happen when one of its key is there.
public struct RecordWrite: Sendable, Hashable, Codable {
  /// What is to happen when the collection has a record of the key.
  public enum Rule: String, Sendable, Hashable, Codable {
    /// It is replaced; only `createdAt` stays.
    case upsert
    /// It stays. In an enqueue or a duty the whole commit is dropped then, and the caller gets `record-exists`. A
    /// running job does not lose its result or its completion because of it: the rest is committed, and its attempt's
    /// notes say so.
    case insertOnly
  }

  /// What it belongs to.
  public var collection: String
  /// Its name in the collection.
  public var key: String
  /// Names and values to find it by.
  public var labels: [String: String]
  /// What it says, as JSON text.
  public var value: String
  /// What is to happen when it is there.
  public var rule: Rule
  /// Whether an enqueue writes it only when it inserts a job: with jobs that are all present already nothing is recorded,
  /// and one that is there and was to be new refuses nothing. All other commits write it in any case.
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
  /// - Throws: what encoding it throws.
  public init(
    _ collection: String, _ key: String, labels: [String: String] = [:], _ value: some Encodable, rule: Rule = .upsert
  ) throws {
    self.init(collection, key, labels: labels, json: try JSONText.encode(value), rule: rule)
  }

  private enum CodingKeys: String, CodingKey {
    case collection, key, labels, value, rule, needsNewJob
  }

  /// Reads a write, also one that was written down before there was ``needsNewJob``.
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

  /// What stands under the key after the write; nil when what is there stays as it is.
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
