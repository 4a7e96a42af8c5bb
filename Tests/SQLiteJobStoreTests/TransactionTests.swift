import JobQueue
import JobQueueTestKit
import Testing

@testable import SQLiteJobStore

/// An application's own tables, and jobs, in one transaction of the store.
@Suite("An application's transaction")
struct TransactionTests {
  private struct Refused: Error, Equatable {}

  private static let table = "CREATE TABLE app_order (number INTEGER PRIMARY KEY, job INTEGER, total REAL, note TEXT)"

  private func withOrders(_ body: (SQLiteJobStore, TemporaryDirectory) async throws -> Void) async throws {
    try await withStore { store, directory in
      try await store.transaction(at: at(0)) { _ = try $0.execute(Self.table) }
      try await body(store, directory)
    }
  }

  private func orders(_ store: SQLiteJobStore) async throws -> [Int64] {
    try await store.read { try $0.rows("SELECT number FROM app_order ORDER BY number").compactMap { $0[0].integer } }
  }

  private func refused(
    _ store: SQLiteJobStore, _ body: @escaping @Sendable (SQLiteTransaction) throws -> Void
  ) async throws -> JobStoreError {
    try #require(await #expect(throws: JobStoreError.self) { try await store.transaction(at: at(1), body) })
  }

  @Test("rows and jobs come together, wake who listens, and are there when the file is opened again")
  func together() async throws {
    let directory = try TemporaryDirectory()
    let store = try await SQLiteJobStore.open(at: directory.database)
    try await store.transaction(at: at(0)) { _ = try $0.execute(Self.table) }
    let wakeUps = store.wakeUps()
    let receipt = try await store.transaction(at: at(5)) { transaction in
      let receipt = try transaction.enqueue([NewJob(kind: "bill", uniqueKey: "order:1")])[0]
      try transaction.execute(
        "INSERT INTO app_order VALUES (?1, ?2, ?3, ?4)", 1, .integer(receipt.id.rawValue), 9.5, "Früh ' 🌅")
      return receipt
    }
    var listener = wakeUps.makeAsyncIterator()
    #expect(await listener.next() != nil)
    #expect(receipt == EnqueueReceipt(id: receipt.id, state: .ready, alreadyPresent: false))
    await store.close()

    let again = try await SQLiteJobStore.open(at: directory.database)
    let row = try #require(try await again.read { try $0.rows("SELECT * FROM app_order") }.first)
    #expect(row.columns == ["number", "job", "total", "note"])
    #expect(row.values == [1, .integer(receipt.id.rawValue), 9.5, "Früh ' 🌅"])
    try await #expect(again.leaseOne(at: at(6))?.job.createdAt == at(5))
    await again.close()
  }

  @Test("an error of the closure undoes rows and jobs, and is told as it is")
  func thrown() async throws {
    try await withOrders { store, _ in
      await #expect(throws: Refused()) {
        try await store.transaction(at: at(1)) { transaction in
          try transaction.execute("INSERT INTO app_order (number) VALUES (1)")
          _ = try transaction.enqueue([NewJob(kind: "bill")])
          throw Refused()
        }
      }
      try await #expect(orders(store) == [])
      try await #expect(store.jobs(JobQuery()).isEmpty)
      try await #expect(store.status().counts.isEmpty)
    }
  }

  @Test("a row that breaks a constraint undoes the jobs, and jobs that are refused undo the rows")
  func constraint() async throws {
    try await withOrders { store, _ in
      let broken = try await refused(store) { transaction in
        _ = try transaction.enqueue([NewJob(kind: "bill")])
        for _ in 0..<2 { try transaction.execute("INSERT INTO app_order (number) VALUES (1)") }
      }
      #expect(broken.code == .invalid)
      #expect(broken.cause.contains("UNIQUE constraint failed: app_order.number"))
      let misfit = try await refused(store) { transaction in
        try transaction.execute("INSERT INTO app_order (number) VALUES (1)")
        _ = try transaction.enqueue([NewJob(kind: "bill"), NewJob(kind: "bill", parents: [.job(JobID(99))])])
      }
      #expect(misfit.code == .noSuchParent)
      try await #expect(orders(store) == [])
      try await #expect(store.jobs(JobQuery()).isEmpty)
    }
  }

  @Test("a closure that goes on after an enqueue was refused keeps its rows and none of that call's jobs")
  func caught() async throws {
    try await withOrders { store, _ in
      try await store.transaction(at: at(1)) { transaction in
        try transaction.execute("INSERT INTO app_order (number) VALUES (1)")
        let jobs = [NewJob(kind: "bill"), NewJob(kind: "bill", parents: [.job(JobID(99))])]
        #expect(throws: JobStoreError.self) { try transaction.enqueue(jobs) }
        _ = try transaction.enqueue([NewJob(kind: "remind")])
      }
      try await #expect(orders(store) == [1])
      try await #expect(store.jobs(JobQuery()).map(\.kind) == ["remind"])
      try await #expect(store.status().count(.ready) == 1)
    }
  }

  @Test("a typed job is validated, and its unique key names the one that is there")
  func typed() async throws {
    struct Bill: JobParameters {
      static let kind = "bill"
      static let queue = "billing"
      var number: Int
      var uniqueKey: String? { "bill:\(number)" }
      func validate() -> [ParameterIssue] { number > 0 ? [] : [ParameterIssue(field: "number", message: "too small")] }
    }
    try await withOrders { store, _ in
      let first = try await store.transaction(at: at(1)) { try $0.enqueue(Bill(number: 1)) }
      let second = try await store.transaction(at: at(1)) { try $0.enqueue(Bill(number: 1)) }
      #expect(second == EnqueueReceipt(id: first.id, state: .ready, alreadyPresent: true))
      await #expect(throws: InvalidParameters.self) {
        try await store.transaction(at: at(1)) { try $0.enqueue(Bill(number: 0)) }
      }
    }
  }

  @Test(
    "what is not the application's is refused, with the reason, and nothing has changed",
    arguments: [
      ("UPDATE job SET state = 'completed'", "belongs to the store"), ("DELETE FROM meta", "belongs to the store"),
      ("SELECT payload FROM job", "belongs to the store"), ("SELECT count(*) FROM JOB", "belongs to the store"),
      ("INSERT INTO app_order SELECT id, 1, 1, '' FROM job", "belongs to the store"),
      ("UPDATE sqlite_sequence SET seq = 0", "belongs to the store"),
      ("DELETE FROM sqlite_schema", "may not be modified"),
      ("CREATE TABLE orders (a)", "does not start with app_"), ("CREATE INDEX app_i ON job (kind)", "does not start"),
      ("CREATE TRIGGER app_t AFTER INSERT ON job BEGIN DELETE FROM app_order; END", "does not start"),
      ("CREATE VIEW open_jobs AS SELECT 1", "does not start"),
      ("CREATE TEMP TABLE job (a)", "not allowed for applications"),
      ("CREATE TEMP VIEW app_v AS SELECT 1", "not allowed for applications"),
      ("CREATE VIRTUAL TABLE app_v USING fts5(a)", "not allowed for applications"),
      ("ALTER TABLE app_order RENAME TO orders", "does not start with app_"),
      ("ALTER TABLE job ADD COLUMN app_c", "does not start with app_"), ("DROP TABLE job", "does not start with app_"),
      ("CREATE TABLE app_line (job INTEGER REFERENCES job)", "refers to a table of the store"),
      ("PRAGMA synchronous = OFF", "not allowed for applications"),
      ("PRAGMA wal_checkpoint", "not allowed for applications"),
      ("ATTACH ':memory:' AS other", "not allowed for applications"), ("ANALYZE", "not allowed for applications"),
      ("REINDEX", "does not start with app_"), ("COMMIT", "the store begins and ends"),
      ("ROLLBACK", "the store begins"),
      ("SAVEPOINT a", "the store begins"), ("SELECT 1; DELETE FROM app_order", "not a single statement"),
      ("", "single"),
      ("INSERT INTO app_order (number) VALUES (?1)", "1 parameters"), ("SELECT * FROM app_none", "no such table"),
      ("nonsense", "syntax error"),
    ])
  func refused(sql: String, why: String) async throws {
    try await withOrders { store, directory in
      _ = try await store.enqueue([NewJob(kind: "a")], at: at(0))
      let schema = "SELECT type, name, sql FROM sqlite_schema"
      let before = try RawDatabase.rows(of: schema, in: directory.database)
      let error = try await refused(store) { transaction in
        try transaction.execute("INSERT INTO app_order (number) VALUES (1)")
        try transaction.execute(sql)
      }
      #expect(error.code == .invalid)
      #expect(error.cause.contains(why), "\(error)")
      try await #expect(orders(store) == [])
      try await #expect(store.jobs(JobQuery()).map(\.state) == [.ready])
      try #expect(RawDatabase.rows(of: schema, in: directory.database) == before)
      // The store goes on.
      try await #expect(store.leaseOne(at: at(2)) != nil)
    }
  }

  @Test("its tables may be altered, indexed, watched by triggers and dropped, also those with AUTOINCREMENT")
  func schema() async throws {
    try await withOrders { store, directory in
      let statements = [
        "CREATE TABLE app_line (id INTEGER PRIMARY KEY AUTOINCREMENT, number INTEGER REFERENCES app_order, "
          + "name TEXT UNIQUE)",
        "ALTER TABLE app_line ADD COLUMN price INTEGER CHECK (price >= 0)",
        "ALTER TABLE app_line RENAME COLUMN name TO article", "CREATE INDEX app_line_number ON app_line (number)",
        "CREATE VIEW app_total AS SELECT number, sum(price) AS total FROM app_line GROUP BY number",
        "CREATE TRIGGER app_line_in AFTER INSERT ON app_line BEGIN UPDATE app_order SET total = total + NEW.price "
          + "WHERE number = NEW.number; END",
        "INSERT INTO app_order (number, total) VALUES (1, 0)",
        "INSERT INTO app_line (number, article, price) VALUES (1, 'a', 7)",
        "INSERT INTO app_line (number, article, price) VALUES (1, 'b', 5) ON CONFLICT DO NOTHING",
      ]
      for sql in statements { try await store.transaction(at: at(1)) { _ = try $0.execute(sql) } }
      let totals = try await store.read { view in
        try view.rows(
          "WITH mine AS (SELECT total FROM app_total) SELECT total FROM mine UNION ALL SELECT total FROM app_order")
      }
      #expect(totals.map { $0["total"]?.real } == [12, 12])
      for sql in ["ALTER TABLE app_line RENAME TO app_item", "DROP VIEW app_total"] {
        // A view that names the table is renamed along.
        try await store.transaction(at: at(1)) { _ = try $0.execute(sql) }
      }
      try await store.transaction(at: at(1)) { _ = try $0.execute("DROP TABLE app_item") }
      try #expect(RawDatabase.rows(of: "PRAGMA integrity_check", in: directory.database) == [["ok"]])
    }
  }

  @Test("a statement that takes the transaction along spoils none of those that share the commit, whoever catches it")
  func rollback() async throws {
    try await withOrders { store, _ in
      try await store.transaction(at: at(0)) { _ = try $0.execute("INSERT INTO app_order (number) VALUES (1)") }
      async let other = store.enqueue([NewJob(kind: "other")], at: at(1))
      let error = try await refused(store) { transaction in
        _ = try transaction.enqueue([NewJob(kind: "bill")])
        _ = try? transaction.execute("INSERT OR ROLLBACK INTO app_order (number) VALUES (1)")
        // By itself this would be committed at once.
        _ = try? transaction.execute("INSERT INTO app_order (number) VALUES (2)")
      }
      #expect(error.cause.contains("rolled it back"))
      _ = try await other
      try await #expect(store.jobs(JobQuery()).map(\.kind) == ["other"])
      try await #expect(orders(store) == [1])
    }
  }

  @Test("a foreign key that only the commit would look at fails this transaction, not those that share the commit")
  func deferred() async throws {
    try await withOrders { store, _ in
      try await store.transaction(at: at(0)) { transaction in
        try transaction.execute(
          "CREATE TABLE app_line (number INTEGER REFERENCES app_order DEFERRABLE INITIALLY DEFERRED)")
      }
      let error = try await refused(store) { _ = try $0.execute("INSERT INTO app_line VALUES (7)") }
      #expect(error.cause.contains("foreign key"))
      try await store.transaction(at: at(1)) { transaction in
        try transaction.execute("INSERT INTO app_line VALUES (7)")
        try transaction.execute("INSERT INTO app_order (number) VALUES (7)")
      }
      try await #expect(orders(store) == [7])
    }
  }

  @Test("a read may change nothing, and a store that is opened for reading takes no transaction")
  func reading() async throws {
    try await withOrders { store, directory in
      let error = await #expect(throws: JobStoreError.self) {
        try await store.read { try $0.rows("DELETE FROM app_order RETURNING number") }
      }
      #expect(error?.cause.contains("a read cannot change anything") == true)
      var options = SQLiteJobStore.Options()
      options.readOnly = true
      let reader = try await SQLiteJobStore.open(at: directory.database, options: options)
      let refused = await #expect(throws: JobStoreError.self) {
        try await reader.transaction(at: at(1)) { _ = try $0.execute("INSERT INTO app_order (number) VALUES (1)") }
      }
      #expect(refused?.code == .readOnly)
      await reader.close()
    }
  }

  @Test("a change of the schema alone begins a log and keeps the notes of the file's closing true")
  func schemaAlone() async throws {
    let directory = try TemporaryDirectory()
    for round in 0..<4 {
      let store = try await SQLiteJobStore.open(at: directory.database)
      try await store.transaction(at: at(0)) { _ = try $0.execute("CREATE TABLE app_t\(round) (a)") }
      // A second process that opens the file meanwhile finds all in order.
      let second = try await SQLiteJobStore.open(at: directory.database)
      _ = try await second.enqueue([NewJob(kind: "a")], at: at(1))
      await second.close()
      _ = try await store.enqueue([NewJob(kind: "b")], at: at(1))
      await store.close()
    }
    let store = try await SQLiteJobStore.open(at: directory.database)
    try await #expect(store.jobs(JobQuery()).count == 8)
    await store.close()
  }

  @Test("no migration takes a name that is an application's")
  func names() async throws {
    let directory = try TemporaryDirectory()
    await (try SQLiteJobStore.open(at: directory.database)).close()
    let names = try RawDatabase.rows(of: "SELECT name FROM sqlite_schema", in: directory.database).map { $0[0] }
    #expect(names.count > 20)
    #expect(!names.contains { ApplicationNames.contains($0) })
  }
}
