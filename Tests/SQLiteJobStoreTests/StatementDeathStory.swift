import JobQueue
import JobQueueTestKit
import SQLiteJobStore
import Testing

extension StatementDeathTests {
  /// A verb, after which something must be different.
  struct Verb: Sendable, CustomTestStringConvertible {
    let name: String
    let run: @Sendable (SQLiteJobStore) async throws -> Void
    var testDescription: String { name }
  }

  /// One story, in which each verb finds what the ones before it left.
  static let story = jobs + gates

  private static let jobs = [
    Verb(name: "announce") { store in
      try await store.announce(
        WorkerRecord(
          id: worker, host: "h", pid: 1, processStart: "1", startedAt: at(0), seenAt: at(0), queues: ["default"]))
    },
    Verb(name: "enqueue") { store in
      var jobs = (0..<4).map { NewJob(kind: "k\($0)", queue: "default", uniqueKey: "u\($0)", labels: ["n": "\($0)"]) }
      jobs[3].parents = [.batch(0), .batch(1)]
      jobs.append(NewJob(kind: "later", runAt: at(60)))
      let records = [RecordWrite("c", "jobs", labels: ["a": "b"], json: "1", rule: .insertOnly)]
      _ = try await store.enqueue(jobs, recording: records, at: at(0))
    },
    Verb(name: "lease") { _ = try await $0.lease(request(3), at: at(1)) },
    Verb(name: "write") { store in
      let entries: [JournalEntry] = [
        .intent(effect: "e"), .checkpoint(key: "c", json: "1"), .notes([Note(at: at(2), text: "n")]),
        .record(RecordWrite("c", "jobs", json: "2")), .record(RecordWrite("c", "jobs", json: "3", rule: .insertOnly)),
      ]
      try await store.write(entries, under: lease(1), at: at(2))
    },
    Verb(name: "extend") { _ = try await $0.extend([lease(1), lease(2)], by: .seconds(90), at: at(3)) },
    Verb(name: "complete") { store in
      let failure = Failure(code: "f", message: "m")
      let completions = [
        Completion(lease: lease(1), outcome: .done(output: "1"), notes: [Note(at: at(4), text: "done")]),
        Completion(lease: lease(2), outcome: .done(output: "2"), records: [RecordWrite("c", "done", json: "4")]),
        Completion(lease: lease(3), outcome: .retry(at: at(9), failure, why: "backoff")),
      ]
      _ = try await store.complete(completions, at: at(4))
    },
    Verb(name: "promote") { _ = try await $0.promoteDue(at: at(70), limit: 10) },
    Verb(name: "lease again") { _ = try await $0.lease(request(2), at: at(71)) },
    Verb(name: "reap") { _ = try await $0.reap(gone: [worker], crashLimit: 1, limit: 10, at: at(72)) },
    Verb(name: "discard") { _ = try await $0.discard([JobID(5)], why: "w", at: at(72)) },
    Verb(name: "retry") { _ = try await $0.retry([JobID(3), JobID(4)], at: at(73)) },
    Verb(name: "cancel") { _ = try await $0.cancel((1...5).map { JobID($0) }, why: "w", at: at(74)) },
    Verb(name: "prune") { _ = try await $0.prune(finishedBefore: at(1000), limit: 10) },
    Verb(name: "record") {
      try await $0.record([RecordWrite("c", "done", json: "5"), RecordWrite("d", "new", json: "6")], at: at(1001))
    },
    Verb(name: "remove records") {
      _ = try await $0.removeRecords(["done", "none"], of: "c", writtenBefore: at(1002))
    },
    Verb(name: "retire") { try await $0.retire([worker]) },
  ]

  /// Jobs 6 to 8 stand behind a gate, and 9 waits for 6.
  private static let gates = [
    Verb(name: "enqueue behind a gate") { store in
      var jobs = (6...9).map { NewJob(kind: "k\($0)", queue: "default") }
      for index in 0..<3 { jobs[index].gate = "g" }
      jobs[3].parents = [.batch(0)]
      _ = try await store.enqueue(jobs, at: at(1100))
    },
    Verb(name: "lease behind a gate") { _ = try await $0.lease(request(2), at: at(1101)) },
    Verb(name: "ask for a unit") { store in
      let answer = try await store.acquire(demand, for: "e", under: lease(6), at: at(1102))
      #expect(answer == .granted)
    },
    Verb(name: "ask, and stand in line") { store in
      let answer = try await store.acquire(demand, for: "e", under: lease(7), at: at(1103))
      #expect(answer != .granted)
    },
    Verb(name: "write a refusal") { store in
      let entries: [JournalEntry] = [
        .checkpoint(key: "c", json: "1"), .refusal(effect: "e"), .budgetSpent(demand.key, retryAfter: .seconds(9)),
      ]
      try await store.write(entries, under: lease(6), at: at(1104))
    },
    Verb(name: "write a result") { store in
      let entries: [JournalEntry] = [
        .intent(effect: "f"), .result(effect: "f", json: "1", origin: .performed, claim: "f#1"),
        .removal(checkpoint: "c"), .intent(effect: "g"), .unknown(effect: "g"),
      ]
      try await store.write(entries, under: lease(6), at: at(1105))
    },
    Verb(name: "complete, then lease") { store in
      let closure = GateClosure(base: .seconds(5), why: "nobody answers")
      let completions = [
        Completion(lease: lease(6), outcome: .done(output: "1"), notes: [Note(at: at(1106), text: "done")]),
        Completion(lease: lease(7), outcome: .closeGate(closure)),
      ]
      let (_, leased) = try await store.complete(completions, thenLease: request(2), at: at(1106))
      // The gate is closed by the same call, and the child has no gate.
      #expect(leased.map(\.job.id) == [JobID(9)])
    },
    Verb(name: "let a probe through") { _ = try await $0.promoteDue(at: at(1120), limit: 10) },
    Verb(name: "lease a probe") { store in
      let leased = try await store.lease(request(2), at: at(1121))
      #expect(leased.map(\.lease) == [lease(7, token: 2)])
    },
    Verb(name: "prove an answer") { store in
      try await store.write([.checkpoint(key: "c", json: "1")], under: lease(7, token: 2), at: at(1122))
    },
    Verb(name: "close a gate") { try await $0.closeGate("g", until: at(1200), reason: "r", at: at(1123)) },
    Verb(name: "open a gate") { _ = try await $0.openGate("g", at: at(1124)) },
    Verb(name: "cancel what runs") { _ = try await $0.cancel([JobID(7)], why: "w", at: at(1125)) },
    Verb(name: "complete what was cancelled, then lease") { store in
      let ends = [Completion(lease: lease(7, token: 2), outcome: .handBack(why: "shutdown"))]
      let (receipts, leased) = try await store.complete(ends, thenLease: request(1), at: at(1126))
      #expect(receipts == [.decided(.cancelled(why: "w"), .cancelled)])
      #expect(leased.map(\.job.id) == [JobID(8)])
    },
    Verb(name: "hold all that is unfinished") { _ = try await $0.holdUnfinished(why: "w", at: at(1127)) },
    Verb(name: "let go what was held") { _ = try await $0.retry([JobID(8)], at: at(1128)) },
  ]

  private static let demand = BudgetDemand(
    key: BudgetKey(account: "a", resource: "things"), size: 1, window: .seconds(60))

  private static func request(_ count: Int) -> LeaseRequest {
    LeaseRequest(owner: worker, limits: [.init(queue: "default", count: count)])
  }

  private static func lease(_ job: Int64, token: Int64 = 1) -> Lease {
    Lease(job: JobID(job), owner: worker, token: token)
  }
}
