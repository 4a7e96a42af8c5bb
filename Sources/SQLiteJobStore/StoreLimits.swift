import JobQueue

/// What no store takes: bounds that keep one bad caller from spoiling the file for all.
enum StoreLimits {
  static let batch = 10_000
  static let textBytes = 1 << 20
  static let nameBytes = 512
  static let uniqueKeyBytes = 2048
  static let labels = 64
  static let parents = 1000

  static func check(_ jobs: [NewJob]) throws {
    try check(count: jobs.count, of: "jobs", "enqueue")
    for job in jobs { try check(job) }
  }

  static func check(_ completions: [Completion]) throws {
    try check(count: completions.count, of: "completions", "complete")
    for completion in completions {
      guard case .done(let output) = completion.outcome else { continue }
      try check("complete", text: output, "the output", of: "job \(completion.lease.job)")
    }
  }

  /// A number of rows that a verb may touch in one commit.
  static func clamped(_ limit: Int) -> Int { min(max(limit, 0), batch) }

  static func check(count: Int, of things: String, _ operation: String) throws {
    guard count <= batch else {
      throw invalid(operation, "\(count) \(things)", "at most \(batch) fit one call", hint: "call in parts")
    }
  }

  static func check(_ operation: String, text: String, _ what: String, of target: String) throws {
    guard text.utf8.count <= textBytes else {
      throw invalid(operation, target, "\(what) has \(text.utf8.count) bytes, the limit is \(textBytes)")
    }
  }

  private static func check(_ job: NewJob) throws {
    let target = "job of kind \(job.kind.prefix(64))"
    try check("enqueue", text: job.payload, "the payload", of: target)
    for (what, text) in [("the kind", job.kind), ("the queue", job.queue)] {
      guard !text.isEmpty, text.utf8.count <= nameBytes else {
        throw invalid("enqueue", target, "\(what) is empty or longer than \(nameBytes) bytes")
      }
    }
    for (what, text) in [("the gate", job.gate), ("the concurrency key", job.concurrencyKey)] {
      guard let text else { continue }
      guard !text.isEmpty, text.utf8.count <= nameBytes else {
        throw invalid("enqueue", target, "\(what) is empty or longer than \(nameBytes) bytes")
      }
    }
    guard (job.uniqueKey?.utf8.count ?? 0) <= uniqueKeyBytes else {
      throw invalid("enqueue", target, "the unique key is longer than \(uniqueKeyBytes) bytes")
    }
    guard job.labels.count <= labels else {
      throw invalid("enqueue", target, "\(job.labels.count) labels, the limit is \(labels)")
    }
    guard job.labels.allSatisfy({ $0.key.utf8.count <= nameBytes && $0.value.utf8.count <= nameBytes }) else {
      throw invalid("enqueue", target, "a label is longer than \(nameBytes) bytes")
    }
    guard job.parents.count <= parents else {
      throw invalid("enqueue", target, "\(job.parents.count) parents, the limit is \(parents)")
    }
    guard job.maxAttempts >= 1, job.payloadVersion >= 1 else {
      throw invalid("enqueue", target, "attempts and payload version are at least 1")
    }
  }

  private static func invalid(
    _ operation: String, _ target: String, _ cause: String, hint: String? = nil
  ) -> JobStoreError {
    JobStoreError(code: .invalid, operation: operation, target: target, cause: cause, hint: hint)
  }
}

extension StoreLimits {
  static func check(_ entry: JournalEntry, of job: JobID) throws {
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
    case .notes: break
    }
  }

  static func check(_ demand: BudgetDemand, for effect: String?, of job: JobID) throws {
    let target = "job \(job)"
    try check(demand.key, of: target)
    try check(name: effect ?? "", "an effect's name", of: target)
    guard demand.size >= 1, demand.size <= batch, demand.window > .zero else {
      throw invalid("ask", target, "a budget has 1 to \(batch) units and a window longer than nothing")
    }
  }

  static func check(gate key: String, reason: String) throws {
    guard !key.isEmpty, key.utf8.count <= nameBytes else {
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
