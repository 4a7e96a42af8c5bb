import FoundationEssentials
import JobQueue
import Testing

@testable import SQLiteJobStore

/// Plans come from a file without statistics, as every production file is: what SQLite picks here it picks there.
@Suite("Query plans")
struct PlanTests {
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

  @Test("A statement uses its index, sorts nothing and scans no table", arguments: Planned.all)
  func indexed(statement: Planned) async throws {
    let plan = try await plan(of: statement.sql)
    if let index = statement.index { #expect(plan.contains(index), "\(plan)") }
    #expect(statement.sorts || !plan.contains("TEMP B-TREE"), "\(plan)")
    expectNoScan(plan, but: statement.scans.map { [$0] } ?? [])
    // What names no index looks for nothing: the plan of an INSERT of values is empty.
    #expect(statement.index != nil || statement.scans != nil || plan.isEmpty, "\(plan)")
  }

  /// Rows in our memory, a subquery's own rows and a row of constants are no tables.
  private func expectNoScan(_ plan: String, but tables: [String] = []) {
    let harmless = ["CONSTANT ROW", "(subquery-"] + tables
    for step in plan.split(separator: "\n") where step.hasPrefix("SCAN ") && !step.contains(" VIRTUAL TABLE ") {
      let what = step.dropFirst("SCAN ".count)
      #expect(harmless.contains { what == $0 || $0 == "(subquery-" && what.hasPrefix($0) }, "\(plan)")
    }
  }

  @Test("Every statement in the sources is among those whose plans are looked at")
  func complete() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/SQLiteJobStore/Statements").path
    var names: [String] = []
    for file in try FileManager.default.contentsOfDirectory(atPath: folder) where file.hasSuffix(".swift") {
      let text = String(decoding: try Data(contentsOf: URL(filePath: "\(folder)/\(file)")), as: UTF8.self)
      names += Self.statements(in: text)
    }
    #expect(names.sorted() == Planned.all.map(\.name).sorted())
  }

  /// The names of the constants whose text begins with a verb of SQL.
  private static func statements(in text: String) -> [String] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    var type = ""
    var names: [String] = []
    for (index, line) in lines.enumerated() {
      if line.hasPrefix("enum ") { type = String(line.split(separator: " ")[1]) }
      let parts = line.split(separator: "\"", maxSplits: 1, omittingEmptySubsequences: false)
      let words = parts[0].split(separator: " ")
      guard parts.count == 2, words.count == 4, words[..<2] == ["static", "let"], words[3] == "=" else { continue }
      let sql = line.hasSuffix("\"\"\"") ? lines[index + 1] : parts[1]
      let verb = sql.split(separator: " ").first ?? ""
      if ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains(verb) { names.append("\(type).\(words[2])") }
    }
    return names
  }

  @Test("A row that goes takes along by an index what belongs to it")
  func cascades() async throws {
    let directory = try TemporaryDirectory()
    let store = try await SQLiteJobStore.open(at: directory.database)
    await store.close()
    let keys = try RawDatabase.rows(
      of: """
        SELECT owner.name, "from" FROM sqlite_schema AS owner JOIN pragma_foreign_key_list(owner.name)
        WHERE owner.type = 'table'
        """, in: directory.database)
    #expect(keys.count >= 7)
    for key in keys {
      let plan = try await plan(of: "DELETE FROM \(key[0]) WHERE \(key[1]) = ?1")
      #expect(plan.hasPrefix("SEARCH"), "\(key): \(plan)")
    }
  }

  @Test("A list of jobs in some states does not walk the others")
  func list() async throws {
    let states = JobState.allCases
    for states in states.map({ [$0] }) + [states, JobState.unfinished] {
      let (sql, _) = try JobSelection.statement(for: JobQuery(states: states, labels: ["a": "b"], before: JobID(9)))
      let plan = try await plan(of: sql)
      // An index that holds only the jobs of a state may be walked: they are asked for.
      expectNoScan(plan, but: states.map { "job USING INDEX \(Schema.index(of: $0))" })
      for state in states {
        #expect(plan.contains(Schema.index(of: state)), "\(plan)")
      }
    }
  }

  @Test("Scheduled jobs are read in the order of their moments")
  func next() async throws {
    let plan = try await plan(of: try JobSelection.statement(for: JobQuery(kinds: ["a"], order: .nextFirst)).sql)
    #expect(plan.contains("job_due"), "\(plan)")
    #expect(!plan.contains("TEMP B-TREE"), "\(plan)")
  }

  @Test("A list of what stopped or finished lately walks no jobs that are under way")
  func stopped() async throws {
    for query in [JobQuery(stoppedSince: at(1)), JobQuery(finishedSince: at(1))] {
      let (sql, _) = try JobSelection.statement(for: query)
      let plan = try await plan(of: sql)
      expectNoScan(plan, but: query.possibleStates?.map { "job USING INDEX \(Schema.index(of: $0))" } ?? [])
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
