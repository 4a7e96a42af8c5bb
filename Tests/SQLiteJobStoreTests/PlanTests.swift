import JobQueue
import Testing

@testable import SQLiteJobStore

/// Plans come from a file without statistics, as every production file is: what SQLite picks here it picks there.
@Suite("Query plans")
struct PlanTests {
  static let hot: [(statement: String, index: String)] = [
    (LeaseStatements.candidates, "job_claim"), (LeaseStatements.places, "job_claim"),
    (LeaseStatements.chosen, "PRIMARY KEY"), (LaneStatements.first, "job_claim"),
    (LaneStatements.nextKey, "job_claim (queue=? AND gate=? AND concurrency_key>?"),
    (LaneStatements.nextGate, "job_claim (queue=? AND gate>?"), (LaneStatements.running, "job_concurrency"),
    (GateStatements.state, "PRIMARY KEY"), (GateStatements.liveProbe, "PRIMARY KEY"),
    (GateStatements.prove, "gate_probe"), (GateStatements.due, "gate_closed"), (GateStatements.nextDue, "gate_closed"),
    (GateStatements.waiting, "job_claim"), (GateStatements.holders, "job_concurrency"),
    (BudgetStatements.units, "budget_unit_end"), (BudgetStatements.forget, "budget_unit_end"),
    (BudgetStatements.past, "budget_unit_end"), (BudgetStatements.held, "budget_unit_effect"),
    (BudgetStatements.renew, "budget_unit_effect"), (BudgetStatements.giveBack, "budget_unit_effect"),
    (BudgetStatements.heads, "budget_turn_line"),
    (BudgetStatements.ahead, "budget_turn_line"), (BudgetStatements.turn, "PRIMARY KEY"),
    (BudgetStatements.turnsOfAny, "PRIMARY KEY"), (BudgetStatements.moveSlot, "PRIMARY KEY"),
    (BudgetStatements.moveJob, "PRIMARY KEY"),
    (LeaseStatements.take, "PRIMARY KEY"),
    (LeaseStatements.extend, "PRIMARY KEY"), (CompleteStatements.fence, "PRIMARY KEY"),
    (CompleteStatements.held, "PRIMARY KEY"), (CompleteStatements.end, "PRIMARY KEY"),
    (CompleteStatements.endAttempt, "PRIMARY KEY"), (CompleteStatements.done, "PRIMARY KEY"),
    (CompleteStatements.doneAttempts, "PRIMARY KEY"), (CompleteStatements.children, "job_child"),
    (CompleteStatements.childrenOfAny, "job_child"), (CompleteStatements.parents, "PRIMARY KEY"),
    (Enqueue.holder, "job_unique"), (Enqueue.insert, "rows VIRTUAL TABLE"), (Enqueue.inserted, "PRIMARY KEY"),
    (DutyStatements.due, "job_due"), (DutyStatements.nextDue, "job_due"),
    (DutyStatements.expired, "job_lease"), (DutyStatements.owned, "job_lease"), (DutyStatements.old, "job_finished"),
    (JournalStatements.claimant, "effect_claim"), (QueryStatements.oldestInLane, "job_claim"),
    (QueryStatements.notes, "note_of_attempt"), (QueryStatements.children, "job_child"),
    (QueryStatements.attempts, "PRIMARY KEY"), (QueryStatements.countSince, "job_created"),
  ]

  private func plan(of statement: String) async throws -> String {
    let directory = try TemporaryDirectory()
    let store = try await SQLiteJobStore.open(at: directory.database)
    // By the store's own connection, which knows the table of rows.
    let details = try await store.writer.perform("plan") { connection in
      try connection.all("EXPLAIN QUERY PLAN \(statement)") { row in
        for _ in 0..<3 { _ = try row.next(Int.self) }
        return try row.next(String.self)
      }
    }
    await store.close()
    return details.joined(separator: "\n")
  }

  @Test("A statement of a hot path uses its index, sorts nothing and scans no table", arguments: hot)
  func indexed(statement: String, index: String) async throws {
    let plan = try await plan(of: statement)
    #expect(plan.contains(index), "\(plan)")
    #expect(!plan.contains("TEMP B-TREE"), "\(plan)")
    #expect(!plan.contains("SCAN job\n") && !plan.hasSuffix("SCAN job"), "\(plan)")
  }

  @Test("A list of jobs in some states does not walk the others")
  func list() async throws {
    let states = JobState.allCases
    for states in states.map({ [$0] }) + [states, JobState.unfinished] {
      let (sql, _) = try JobSelection.statement(for: JobQuery(states: states, labels: ["a": "b"], before: JobID(9)))
      let plan = try await plan(of: sql)
      #expect(!plan.contains("SCAN job\n") && !plan.hasSuffix("SCAN job"), "\(plan)")
      for state in states {
        #expect(plan.contains(Schema.index(of: state)), "\(plan)")
      }
    }
  }

  @Test("A list by kind or by failure uses its index and sorts nothing")
  func filters() async throws {
    let queries = [(JobQuery(kinds: ["a"]), "job_kind"), (JobQuery(failureCode: "c"), "job_failure")]
    for (query, index) in queries {
      let plan = try await plan(of: try JobSelection.statement(for: query).sql)
      #expect(plan.contains(index), "\(plan)")
      #expect(!plan.contains("TEMP B-TREE"), "\(plan)")
    }
  }

  @Test("Few jobs since a moment are found by it; a page of many ready ones is read by number")
  func crowds() async throws {
    let recent = JobQuery(states: [.completed], createdSince: at(0))
    let few = try await plan(of: try JobSelection.statement(for: recent, among: .init(areSinceFew: true)).sql)
    #expect(few.contains("job_created"), "\(few)")
    let many = try await plan(
      of: try JobSelection.statement(for: JobQuery(states: [.ready]), among: .init(areReadyMany: true)).sql)
    #expect(!many.contains("job_claim"), "\(many)")
  }

  @Test("Both ways lead to the same jobs")
  func sameRows() async throws {
    try await withStore { store, _ in
      for moment in 0..<20 {
        let jobs = (0..<6).map { NewJob(kind: "k\($0 % 2)", queue: "default", priority: $0 % 3) }
        _ = try await store.enqueue(jobs, at: at(moment))
        let leased = try await store.lease(
          LeaseRequest(owner: worker, limits: [.init(queue: "default", count: 3)]), at: at(moment))
        let ends = leased.dropFirst().map { Completion(lease: $0.lease, outcome: .done(output: "1")) }
        _ = try await store.complete(ends, at: at(moment))
      }
      for states in [[], [.ready], [.completed], [.ready, .running, .completed]] as [[JobState]] {
        for since in [nil, 0, 11, 19, 30] {
          var query = JobQuery(states: states, kinds: ["k1"], createdSince: since.map { at($0) })
          query.limit = 12
          let expected = try await store.jobs(query).map(\.id)
          for crowds in [(false, false), (true, false), (false, true), (true, true)] where since != nil || !crowds.1 {
            let (sql, values) = try JobSelection.statement(
              for: query, among: .init(areReadyMany: crowds.0, areSinceFew: crowds.1))
            let found = try await store.reader.perform("jobs") { connection in
              try connection.all(once: sql, list: values.map(\.column), row: Job.read).map(\.id)
            }
            #expect(found == expected, "\(query)")
          }
        }
      }
    }
  }

  @Test("A page of all jobs is read by number")
  func page() async throws {
    let (sql, _) = try JobSelection.statement(for: JobQuery(before: JobID(100)))
    let plan = try await plan(of: sql)
    #expect(plan.contains("PRIMARY KEY"), "\(plan)")
    #expect(!plan.contains("TEMP B-TREE"), "\(plan)")
  }
}
