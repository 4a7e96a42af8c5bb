extension JobQueue {
  /// How many jobs one commit of ``enqueue(contentsOf:_:)`` inserts: enough that the disk hardly matters, few enough
  /// that others need not wait for long.
  static let bulk = 1000

  /// Enqueues many jobs of one type; all are on disk when this returns.
  ///
  /// They are inserted in parts of 1,000, in order, each part in one commit while the next one is being prepared. If a
  /// part fails, those before it stay: with a unique key it is safe to try again from the start.
  /// - Parameters:
  ///   - parameters: the parameters of each job. All are validated before the first one is inserted.
  ///   - options: the same for each.
  /// - Returns: one receipt for each job, in order.
  /// - Throws: ``InvalidParameters`` of the first job that is not valid, or ``JobStoreError``.
  public func enqueue<Parameters: JobParameters>(
    contentsOf parameters: some Collection<Parameters> & Sendable, _ options: EnqueueOptions = EnqueueOptions()
  ) async throws -> [EnqueueReceipt] {
    for each in parameters {
      let issues = each.validate()
      guard issues.isEmpty else { throw InvalidParameters(kind: Parameters.kind, issues: issues) }
    }
    var rest = parameters[...]
    return try await store.enqueue(
      parts: {
        let part = rest.prefix(Self.bulk)
        rest = rest.dropFirst(Self.bulk)
        return part.isEmpty ? nil : try part.map { try $0.newJob(options) }
      }, at: { clock.now() })
  }
}
