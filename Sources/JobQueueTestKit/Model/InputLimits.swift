import JobQueue

/// What no store takes.
enum InputLimits {
  static let batch = 10_000
  static let text = 1 << 20
  static let name = 512
  static let uniqueKey = 2048
  static let labels = 64
  static let parents = 1000

  static func check(_ jobs: [NewJob]) throws {
    try require(jobs.count <= batch, "enqueue", "at most \(batch) jobs in one batch")
    for job in jobs {
      try require(job.payload.utf8.count <= text, "enqueue", "a payload has at most \(text) bytes")
      try require(!job.kind.isEmpty && isName(job.kind), "enqueue", "a kind has 1 to \(name) bytes")
      try require(!job.queue.isEmpty && isName(job.queue), "enqueue", "a queue's name has 1 to \(name) bytes")
      try require(
        (job.uniqueKey ?? "").utf8.count <= uniqueKey, "enqueue", "a unique key has at most \(uniqueKey) bytes")
      try require(
        job.gate.map { !$0.isEmpty && isName($0) } ?? true
          && job.concurrencyKey.map { !$0.isEmpty && isName($0) } ?? true,
        "enqueue", "a gate's or concurrency key has 1 to \(name) bytes")
      try require(job.labels.count <= labels, "enqueue", "at most \(labels) labels")
      try require(job.labels.allSatisfy { isName($0) && isName($1) }, "enqueue", "a label has at most \(name) bytes")
      try require(job.parents.count <= parents, "enqueue", "at most \(parents) parents")
      try require(
        job.maxAttempts >= 1 && job.payloadVersion >= 1, "enqueue", "attempts and versions are counted from 1")
    }
  }

  static func check(_ completions: [Completion]) throws {
    for completion in completions {
      guard case .done(let output) = completion.outcome else { continue }
      try require(output.utf8.count <= text, "complete", "an output has at most \(text) bytes")
    }
  }

  static func check(_ entries: [JournalEntry]) throws {
    for entry in entries {
      switch entry {
      case .result(let effect, let json, _, let claim):
        try require(isName(effect) && isName(claim ?? ""), "write", "a name has at most \(name) bytes")
        try require(json.utf8.count <= text, "write", "a result has at most \(text) bytes")
      case .checkpoint(let key, let json):
        try require(isName(key), "write", "a key has at most \(name) bytes")
        try require(json.utf8.count <= text, "write", "a checkpoint has at most \(text) bytes")
      case .intent(let word), .refusal(let word), .unknown(let word), .removal(let word):
        try require(isName(word), "write", "a name has at most \(name) bytes")
      case .budgetSpent(let key, _):
        try require(isName(key.account) && isName(key.resource), "write", "a name has at most \(name) bytes")
      case .progress, .answer, .partDone, .notes: break
      }
    }
  }

  static func check(gate key: String, reason: String) throws {
    try require(!key.isEmpty && isName(key), "close gate", "a gate's key has 1 to \(name) bytes")
    try require(reason.utf8.count <= text, "close gate", "a reason has at most \(text) bytes")
  }

  static func check(_ demand: BudgetDemand, _ effect: String?) throws {
    try require(
      isName(demand.key.account) && isName(demand.key.resource) && isName(effect ?? ""), "ask",
      "a name has at most \(name) bytes")
    try require(demand.size >= 1 && demand.size <= batch, "ask", "a budget has 1 to \(batch) units")
    try require(demand.window > .zero, "ask", "a window is longer than nothing")
  }

  private static func isName(_ text: String) -> Bool { text.utf8.count <= name }

  private static func require(_ condition: Bool, _ operation: String, _ rule: String) throws {
    guard condition else { throw JobStoreError(code: .invalid, operation: operation, target: "input", cause: rule) }
  }
}
