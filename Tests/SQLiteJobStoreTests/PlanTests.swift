import JobQueue
import Testing

@testable import SQLiteJobStore

/// Plans come from a file without statistics, as every production file is: what SQLite picks here it picks there.
@Suite("Query plans")
struct PlanTests {
  static let hot: [(statement: String, index: String)] = [
    (LeaseStatements.candidates, "job_claim"), (LeaseStatements.anyCandidate, "job_claim"),
    (LeaseStatements.take, "PRIMARY KEY"),
    (LeaseStatements.extend, "PRIMARY KEY"), (CompleteStatements.fence, "PRIMARY KEY"),
    (CompleteStatements.held, "PRIMARY KEY"), (CompleteStatements.end, "PRIMARY KEY"),
    (CompleteStatements.endAttempt, "PRIMARY KEY"), (CompleteStatements.done, "PRIMARY KEY"),
    (CompleteStatements.doneAttempts, "PRIMARY KEY"), (CompleteStatements.children, "job_child"),
    (CompleteStatements.childrenOfAny, "job_child"), (CompleteStatements.parents, "PRIMARY KEY"),
    (Enqueue.holder, "job_unique"), (DutyStatements.due, "job_due"), (DutyStatements.nextDue, "job_due"),
    (DutyStatements.expired, "job_lease"), (DutyStatements.owned, "job_lease"), (DutyStatements.old, "job_finished"),
    (JournalStatements.claimant, "effect_claim"), (QueryStatements.oldestReady, "job_claim"),
    (QueryStatements.notes, "note_of_attempt"), (QueryStatements.children, "job_child"),
    (QueryStatements.attempts, "PRIMARY KEY"),
  ]

  private func plan(of statement: String) async throws -> String {
    let directory = try TemporaryDirectory()
    await (try SQLiteJobStore.open(at: directory.database)).close()
    let rows = try RawDatabase.rows(of: "EXPLAIN QUERY PLAN \(statement)", in: directory.database)
    return rows.compactMap(\.last).joined(separator: "\n")
  }

  @Test("A statement of a hot path uses its index, sorts nothing and scans no table", arguments: hot)
  func indexed(statement: String, index: String) async throws {
    let plan = try await plan(of: statement)
    #expect(plan.contains(index), "\(plan)")
    #expect(!plan.contains("TEMP B-TREE"), "\(plan)")
    #expect(!plan.contains("SCAN job\n") && !plan.hasSuffix("SCAN job"), "\(plan)")
  }

  @Test("A list of jobs in states other than completed does not walk the completed ones")
  func list() async throws {
    let states = JobState.allCases.filter { $0 != .completed }
    for states in states.map({ [$0] }) + [states, JobState.unfinished] {
      let (sql, _) = try JobSelection.statement(for: JobQuery(states: states, labels: ["a": "b"], before: JobID(9)))
      let plan = try await plan(of: sql)
      #expect(!plan.contains("SCAN job\n") && !plan.hasSuffix("SCAN job"), "\(plan)")
      for state in states {
        #expect(plan.contains(try #require(Schema.index(of: state))), "\(plan)")
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

  @Test("A page of all jobs is read by number")
  func page() async throws {
    let (sql, _) = try JobSelection.statement(for: JobQuery(before: JobID(100)))
    let plan = try await plan(of: sql)
    #expect(plan.contains("PRIMARY KEY"), "\(plan)")
    #expect(!plan.contains("TEMP B-TREE"), "\(plan)")
  }
}
