extension JobParameters {
  /// Reads stored parameters, bringing an older version up step by step.
  /// - Throws: ``PayloadError``.
  public static func decode(payload: String, version stored: Int) throws -> Self {
    guard stored <= version else {
      throw PayloadError.newerVersion(kind: kind, stored: stored, known: version)
    }
    do {
      guard stored < version else {
        return try JSONText.decode(Self.self, from: payload)
      }
      var value = try JSONText.decode(JSONValue.self, from: payload)
      for step in stored..<version {
        value = try upcast(value, from: step)
      }
      return try JSONText.decode(Self.self, from: try JSONText.encode(value))
    } catch let error as PayloadError {
      throw error
    } catch {
      throw PayloadError.malformed(kind: kind, cause: "\(error)")
    }
  }

  /// The job to be enqueued for these parameters.
  public func newJob(_ options: EnqueueOptions = EnqueueOptions()) throws -> NewJob {
    NewJob(
      kind: Self.kind, queue: Self.queue, payload: try JSONText.encode(self), payloadVersion: Self.version,
      uniqueKey: uniqueKey, uniqueness: uniqueness, gate: gate, concurrencyKey: concurrencyKey,
      priority: options.priority, runAt: options.runAt, parents: options.parents, labels: options.labels,
      maxAttempts: options.maxAttempts ?? Self.policy.retry.maxAttempts)
  }
}

/// What a person may say about any job beside its parameters.
public struct EnqueueOptions: Sendable, Hashable {
  /// Higher runs first.
  public var priority: Int
  /// Not before this moment; nil for at once.
  public var runAt: Timestamp?
  /// The jobs that must be completed first.
  public var parents: [NewJob.Parent]
  /// Names and values to find it by.
  public var labels: [String: String]
  /// How many failures end it; nil for the type's policy.
  public var maxAttempts: Int?

  /// Creates options.
  public init(
    priority: Int = 0, runAt: Timestamp? = nil, parents: [NewJob.Parent] = [], labels: [String: String] = [:],
    maxAttempts: Int? = nil
  ) {
    self.priority = priority
    self.runAt = runAt
    self.parents = parents
    self.labels = labels
    self.maxAttempts = maxAttempts
  }
}
