/// What every store refuses: limits that keep one bad caller from spoiling a store for all.
public enum JobLimits {
  /// Jobs, completions, leases or entries in one call.
  public static let batch = 10_000
  /// Bytes of a payload, an output, a recorded result, a checkpoint or a reason.
  public static let textBytes = 1 << 20
  /// Bytes of a kind, a queue, a gate, a concurrency key, a label, a claim or an effect's name.
  public static let nameBytes = 512
  /// Bytes of a unique key or a record's key.
  public static let uniqueKeyBytes = 2048
  /// Labels of one job or record.
  public static let labels = 64
  /// Parents of one job.
  public static let parents = 1000

  /// Refuses jobs that no store accepts; one bad job refuses its whole call.
  public static func check(_ jobs: [NewJob]) throws {
    try check(count: jobs.count, of: "jobs", "enqueue")
    for job in jobs { try check(job) }
  }

  /// Refuses an output that is too large, and too many completions at once.
  public static func check(_ completions: [Completion]) throws {
    try check(count: completions.count, of: "completions", "complete")
    for completion in completions {
      try check(completion.records, "complete")
      guard case .done(let output) = completion.outcome else { continue }
      guard output.utf8.count > textBytes else { continue }
      throw invalid("complete", "job \(completion.lease.job)", tooLong("the output", output))
    }
  }

  /// A number of rows that a command may change in one commit; below zero means none.
  public static func clamped(_ limit: Int) -> Int { min(max(limit, 0), batch) }

  /// Refuses more things than one call may have.
  public static func check(count: Int, of things: String, _ operation: String) throws {
    guard count <= batch else {
      throw invalid(operation, "\(count) \(things)", "at most \(batch) are allowed per call", hint: "split the call")
    }
  }

  /// Refuses a text that is too long.
  public static func check(_ operation: String, text: String, _ what: String, of target: String) throws {
    guard text.utf8.count <= textBytes else {
      throw invalid(operation, target, tooLong(what, text))
    }
  }

  private static func check(_ job: NewJob) throws {
    guard let cause = fault(of: job) else { return }
    throw invalid("enqueue", "job of kind \(job.kind.prefix(64))", cause)
  }

  private static func fault(of job: NewJob) -> String? {
    if job.payload.utf8.count > textBytes { return tooLong("the payload", job.payload) }
    if !isName(job.kind) { return "the kind is empty or longer than \(nameBytes) bytes" }
    if !isName(job.queue) { return "the queue is empty or longer than \(nameBytes) bytes" }
    if let gate = job.gate, !isName(gate) { return "the gate is empty or longer than \(nameBytes) bytes" }
    if let key = job.concurrencyKey, !isName(key) {
      return "the concurrency key is empty or longer than \(nameBytes) bytes"
    }
    if let key = job.uniqueKey, key.utf8.count > uniqueKeyBytes {
      return "the unique key is longer than \(uniqueKeyBytes) bytes"
    }
    if job.uniqueKey == nil, job.uniqueness == .permanent { return "it is permanently unique but has no unique key" }
    if let fault = fault(of: job.labels) { return fault }
    if job.parents.count > parents { return "\(job.parents.count) parents, the limit is \(parents)" }
    if job.maxAttempts < 1 || job.payloadVersion < 1 { return "attempts and payload version must be at least 1" }
    return nil
  }

  private static func fault(of labels: [String: String]) -> String? {
    if labels.count > Self.labels { return "\(labels.count) labels, the limit is \(Self.labels)" }
    let fit = labels.allSatisfy { $0.key.utf8.count <= nameBytes && $0.value.utf8.count <= nameBytes }
    return fit ? nil : "a label is longer than \(nameBytes) bytes"
  }

  private static func isName(_ text: String) -> Bool { !text.isEmpty && text.utf8.count <= nameBytes }

  private static func tooLong(_ what: String, _ text: String) -> String {
    "\(what) has \(text.utf8.count) bytes, the limit is \(textBytes)"
  }

  private static func invalid(
    _ operation: String, _ target: String, _ cause: String, hint: String? = nil
  ) -> JobStoreError {
    JobStoreError(code: .invalid, operation: operation, target: target, cause: cause, hint: hint)
  }
}

extension JobLimits {
  /// Refuses records that no store accepts; one bad record refuses its whole call.
  public static func check(_ records: [RecordWrite], _ operation: String) throws {
    try check(count: records.count, of: "records", operation)
    for record in records {
      guard let cause = fault(of: record) else { continue }
      throw invalid(operation, "record \(record.collection.prefix(64))/\(record.key.prefix(64))", cause)
    }
  }

  private static func fault(of record: RecordWrite) -> String? {
    if !isName(record.collection) { return "the collection is empty or longer than \(nameBytes) bytes" }
    if record.key.isEmpty || record.key.utf8.count > uniqueKeyBytes {
      return "the key is empty or longer than \(uniqueKeyBytes) bytes"
    }
    return record.value.utf8.count > textBytes ? tooLong("the value", record.value) : fault(of: record.labels)
  }

  /// Refuses a journal entry that is too long.
  public static func check(_ entry: JournalEntry, of job: JobID) throws {
    let target = "job \(job)"
    switch entry {
    case .result(let effect, let json, _, let claim):
      try check("write", text: json, "the result of \(effect.prefix(64))", of: target)
      try check(name: effect, "an effect's name", of: target)
      try check(name: claim ?? "", "a claim", of: target)
    case .checkpoint(let key, let json):
      try check("write", text: json, "the checkpoint \(key.prefix(64))", of: target)
      try check(name: key, "a checkpoint's key", of: target)
    case .intent(let name), .refusal(let name), .unknown(let name), .removal(let name):
      try check(name: name, "a name", of: target)
    case .budgetSpent(let key, _): try check(key, of: target)
    case .record(let write): try check([write], "write")
    case .progress, .answer, .partDone, .notes: break
    }
  }

  /// Refuses a budget that makes no sense.
  public static func check(_ demand: BudgetDemand, for effect: String?, of job: JobID) throws {
    try check(name: effect ?? "", "an effect's name", of: "job \(job)")
    try check(demand, "ask", of: "job \(job)")
  }

  /// Refuses a budget that makes no sense.
  public static func check(_ demand: BudgetDemand, _ operation: String, of target: String) throws {
    try check(demand.key, of: target)
    guard demand.size >= 1, demand.size <= batch, demand.window > .zero else {
      throw invalid(operation, target, "a budget needs 1 to \(batch) units and a window longer than zero")
    }
  }

  /// Refuses a gate's name or a reason if it is too long.
  public static func check(gate key: String, reason: String) throws {
    guard isName(key) else {
      throw invalid("close gate", "gate \(key.prefix(64))", "the key is empty or longer than \(nameBytes) bytes")
    }
    try check("close gate", text: reason, "the reason", of: "gate \(key)")
  }

  private static func check(_ key: BudgetKey, of target: String) throws {
    try check(name: key.account, "a budget's account", of: target)
    try check(name: key.resource, "a budget's resource", of: target)
  }

  private static func check(name: String, _ what: String, of target: String) throws {
    guard name.utf8.count <= nameBytes else {
      throw invalid("write", target, "\(what) is longer than \(nameBytes) bytes")
    }
  }
}
