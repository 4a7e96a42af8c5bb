extension JobParameters {
  /// Reads stored parameters, upgrading an older version step by step.
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

  /// The job to enqueue for these parameters.
  public func newJob(_ options: EnqueueOptions = EnqueueOptions()) throws -> NewJob {
    NewJob(
      kind: Self.kind, queue: Self.queue, payload: try JSONText.encode(self), payloadVersion: Self.version,
      uniqueKey: uniqueKey, uniqueness: uniqueness, gate: gate, concurrencyKey: concurrencyKey,
      priority: options.priority, runAt: options.runAt, parents: options.parents, labels: options.labels,
      maxAttempts: options.maxAttempts ?? Self.policy.retry.maxAttempts)
  }
}

/// What a person may specify for any job besides its parameters.
public struct EnqueueOptions: Sendable, Hashable {
  /// Higher runs first.
  public var priority: Int
  /// Not before this time; nil for at once.
  public var runAt: Timestamp?
  /// The jobs that must be completed first.
  public var parents: [NewJob.Parent]
  /// Labels to find it by.
  public var labels: [String: String]
  /// The number of failures after which it is dead; nil for the type's policy.
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
