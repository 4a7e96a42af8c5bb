import JobQueue
import SQLiteJobStore

/// All that a store can do, as one story in which each verb finds what the ones before it left.
enum FaultStory {
  static let worker = WorkerID("worker-a")

  /// The story, and after it what is done with whole files.
  static let verbs = jobs + gates + files

  private static let jobs = [
    FaultVerb("announce") { store in
      try await store.announce(
        WorkerRecord(
          id: worker, host: "h", pid: 1, processStart: "1", startedAt: at(0), seenAt: at(0), queues: ["default"]))
    },
    FaultVerb("enqueue") { store in
      var jobs = (0..<4).map { NewJob(kind: "k\($0)", queue: "default", uniqueKey: "u\($0)", labels: ["n": "\($0)"]) }
      jobs[3].parents = [.batch(0), .batch(1)]
      jobs.append(NewJob(kind: "later", runAt: at(60)))
      let records = [RecordWrite("c", "jobs", labels: ["a": "b"], json: "1")]
      _ = try await store.enqueue(jobs, recording: records, at: at(0))
    },
    FaultVerb("lease") { _ = try await $0.lease(request(3), at: at(1)) },
    FaultVerb("write journal") { store in
      let entries: [JournalEntry] = [
        .intent(effect: "e"), .checkpoint(key: "c", json: "1"), .record(RecordWrite("c", "jobs", json: "2")),
        .notes([Note(at: at(2), text: "n")]),
      ]
      try await store.write(entries, under: lease(1), at: at(2))
    },
    FaultVerb("extend") { _ = try await $0.extend([lease(1), lease(2)], by: .seconds(90), at: at(3)) },
    FaultVerb("complete") { store in
      let failure = Failure(code: "f", message: "m")
      let completions = [
        Completion(lease: lease(1), outcome: .done(output: "1"), notes: [Note(at: at(4), text: "done")]),
        Completion(lease: lease(2), outcome: .done(output: "2"), records: [RecordWrite("c", "done", json: "4")]),
        Completion(lease: lease(3), outcome: .retry(at: at(9), failure, why: "backoff")),
      ]
      _ = try await store.complete(completions, at: at(4))
    },
    FaultVerb("promote") { _ = try await $0.promoteDue(at: at(70), limit: 10) },
    FaultVerb("lease again") { _ = try await $0.lease(request(2), at: at(71)) },
    FaultVerb("reap") { _ = try await $0.reap(gone: [worker], crashLimit: 1, limit: 10, at: at(72)) },
    FaultVerb("retry") { _ = try await $0.retry([JobID(3), JobID(4)], by: Operator("trial"), at: at(73)) },
    FaultVerb("cancel") {
      _ = try await $0.cancel((1...5).map { JobID($0) }, why: "w", by: Operator("trial"), at: at(74))
    },
    FaultVerb("look") { store in
      _ = try await store.jobs(JobQuery())
      _ = try await store.attempts(of: JobID(1))
      _ = try await store.journal(of: JobID(1))
      _ = try await store.status()
    },
    FaultVerb("prune") { _ = try await $0.prune(finishedBefore: at(1000), limit: 10) },
    FaultVerb("record") {
      try await $0.record([RecordWrite("c", "done", json: "5"), RecordWrite("d", "new", json: "6")], at: at(1001))
    },
    FaultVerb("retire") { try await $0.retire([worker]) },
  ]

  /// Jobs 6 to 8 stand behind a gate, and 9 waits for 6.
  private static let gates = [
    FaultVerb("enqueue behind a gate") { store in
      var jobs = (6...9).map { NewJob(kind: "k\($0)", queue: "default") }
      for index in 0..<3 { jobs[index].gate = "g" }
      jobs[3].parents = [.batch(0)]
      _ = try await store.enqueue(jobs, at: at(1100))
    },
    FaultVerb("lease behind a gate") { _ = try await $0.lease(request(2), at: at(1101)) },
    FaultVerb("ask for a unit") { _ = try await $0.acquire(demand, for: "e", under: lease(6), at: at(1102)) },
    FaultVerb("ask, and stand in line") { _ = try await $0.acquire(demand, for: "e", under: lease(7), at: at(1103)) },
    FaultVerb("change a budget") { store in
      try await store.updateBudgets([BudgetDemand(key: demand.key, size: 2, window: .seconds(60))], at: at(1104))
    },
    FaultVerb("write a refusal") { store in
      let entries: [JournalEntry] = [
        .checkpoint(key: "c", json: "1"), .refusal(effect: "e"), .budgetSpent(demand.key, retryAfter: .seconds(9)),
      ]
      try await store.write(entries, under: lease(6), at: at(1104))
    },
    FaultVerb("write a result") { store in
      let entries: [JournalEntry] = [
        .intent(effect: "f"), .result(effect: "f", json: "1", origin: .performed, claim: "f#1"),
        .removal(checkpoint: "c"), .intent(effect: "g"), .unknown(effect: "g"),
      ]
      try await store.write(entries, under: lease(6), at: at(1105))
    },
    FaultVerb("complete, then lease") { store in
      let closure = GateClosure(base: .seconds(5), why: "nobody answers")
      let completions = [
        Completion(lease: lease(6), outcome: .done(output: "1"), notes: [Note(at: at(1106), text: "done")]),
        Completion(lease: lease(7), outcome: .closeGate(closure)),
      ]
      _ = try await store.complete(completions, thenLease: request(2), at: at(1106))
    },
    FaultVerb("close a gate") {
      try await $0.closeGate("g", until: at(1200), reason: "r", by: Operator("trial"), at: at(1123))
    },
    FaultVerb("open a gate") { _ = try await $0.openGate("g", by: Operator("trial"), at: at(1124)) },
    FaultVerb("make a table of an application") { store in
      try await store.transaction(at: at(1125)) { _ = try $0.execute("CREATE TABLE app_order (job INTEGER)") }
    },
    FaultVerb("change it and enqueue") { store in
      try await store.transaction(at: at(1126)) { transaction in
        let receipt = try transaction.enqueue([NewJob(kind: "k10", queue: "default")])[0]
        try transaction.execute("INSERT INTO app_order VALUES (?1)", .integer(receipt.id.rawValue))
      }
    },
    FaultVerb("hold all that is unfinished") {
      _ = try await $0.holdUnfinished(why: "w", by: Operator("trial"), at: at(1127))
    },
    FaultVerb("discard") {
      _ = try await $0.discard((6...9).map { JobID($0) }, why: "w", by: Operator("trial"), at: at(1128))
    },
    FaultVerb("prune for an operator") {
      _ = try await $0.prune(finishedBefore: at(3000), limit: 10, by: Operator("trial"), at: at(1129))
    },
  ]

  private static let files = [
    FaultVerb("open a new file", base: .missing, .open),
    FaultVerb("open", base: .story, .open),
    FaultVerb("bring up an older file", base: .older, .open),
    FaultVerb("close", base: .story, preparation: enqueueOne, .close),
    FaultVerb("enqueue, and checkpoint", base: .longLog, .verb(enqueueLarge)),
    FaultVerb("enqueue, and begin the log anew", base: .longLog, preparation: enqueueLarge, .verb(enqueueOne)),
  ]

  private static let enqueueOne: @Sendable (SQLiteJobStore) async throws -> Void = { store in
    _ = try await store.enqueue([NewJob(kind: "one", queue: "default")], at: at(2000))
  }

  /// Fills some 70 pages.
  static let enqueueLarge: @Sendable (SQLiteJobStore) async throws -> Void = { store in
    let payload = "\"" + String(repeating: "x", count: 280_000) + "\""
    _ = try await store.enqueue([NewJob(kind: "large", queue: "default", payload: payload)], at: at(2001))
  }

  private static let demand = BudgetDemand(
    key: BudgetKey(account: "a", resource: "things"), size: 1, window: .seconds(60))

  private static func request(_ count: Int) -> LeaseRequest {
    LeaseRequest(owner: worker, limits: [.init(queue: "default", count: count)])
  }

  private static func lease(_ job: Int64, token: Int64 = 1) -> Lease {
    Lease(job: JobID(job), owner: worker, token: token)
  }
}
