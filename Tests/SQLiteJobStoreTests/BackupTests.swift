import Glibc
import JobQueue
import Testing

@testable import SQLiteJobStore

@Suite("A backup of a queue file")
struct BackupTests {
  private let directory: TemporaryDirectory
  private var path: String { directory.database }
  private var copy: String { "\(directory.path)/copy.db" }

  init() throws { directory = try TemporaryDirectory() }

  private func fill(_ count: Int) async throws -> SQLiteJobStore {
    let store = try await SQLiteJobStore.open(at: path)
    for number in 0..<count { _ = try await store.enqueue([NewJob(kind: "k\(number)")], at: at(number)) }
    return store
  }

  @Test("holds all that was acknowledged before, and nothing half, while others go on writing")
  func concurrent() async throws {
    let store = try await fill(20)
    let writers = try await SQLiteJobStore.open(at: path)
    let writing = Task {
      var last = Int64(0)
      while !Task.isCancelled {
        // Two jobs in one commit: a copy has both or neither.
        let pair = [NewJob(kind: "a"), NewJob(kind: "b", parents: [.batch(0)])]
        last = try await writers.enqueue(pair, at: at(100)).last?.id.rawValue ?? last
      }
    }
    for round in 0..<5 {
      let known = try await store.jobs(JobQuery(limit: 1)).first?.id.rawValue ?? 0
      let backup = try await store.backUp(to: "\(copy)-\(round)")
      #expect(backup.jobs >= known && backup.bytes > 0)
      #expect(try FileMode.of(backup.path) == 0o600)
      let restored = try await SQLiteJobStore.open(at: backup.path)
      let count = try await restored.status().counts.values.flatMap(\.values).reduce(0, +)
      #expect(count == backup.jobs && (count - 20).isMultiple(of: 2))
      #expect(try await restored.problems() == [])
      #expect(try await restored.jobs(JobQuery(kinds: ["k0"])).count == 1)
      await restored.close()
    }
    writing.cancel()
    _ = try? await writing.value
    await writers.close()
    await store.close()
  }

  @Test("does not go where something is, and leaves nothing where it cannot be finished")
  func refused() async throws {
    let store = try await fill(1)
    try directory.write("copy.db", [1, 2, 3])
    let there = await #expect(throws: JobStoreError.self) { _ = try await store.backUp(to: copy) }
    #expect(there?.code == .invalid && there?.target == copy)
    #expect(try directory.read("copy.db") == [1, 2, 3])
    let nowhere = await #expect(throws: JobStoreError.self) {
      _ = try await store.backUp(to: "\(directory.path)/no/such/folder/copy.db")
    }
    #expect(nowhere?.operation == "back up" && nowhere?.code == .invalid)
    await store.close()
    #expect(try names().filter { $0.contains("part") } == [])
  }

  @Test("a check tells what is wrong with a file, one that nobody has open or one that is in use")
  func checked() async throws {
    let store = try await fill(3)
    #expect(try await store.problems() == [])
    #expect(try await SQLiteJobStore.problems(ofFileAt: path) == [])
    _ = try await store.backUp(to: copy)
    let before = try names()
    #expect(try await SQLiteJobStore.problems(ofFileAt: copy) == [])
    #expect(try names() == before, "looking at a backup leaves nothing beside it")
    await store.close()
    try RawDatabase.script(
      "UPDATE counter SET jobs = jobs + 2; INSERT INTO note VALUES (99, 1, 1, 'lost');", in: copy)
    let problems = try await SQLiteJobStore.problems(ofFileAt: copy)
    #expect(problems.count == 2, "\(problems)")
    #expect(problems.contains { $0.contains("row of note") })
    #expect(problems.contains("the count of ready jobs of queue default is off by 2"), "\(problems)")
  }

  @Test("a restored backup runs nothing that was unfinished, counts its budgets as full, and knows no worker")
  func restored() async throws {
    let store = try await fill(2)
    let worker = WorkerID("old")
    let record = WorkerRecord(
      id: worker, host: "h", pid: 1, processStart: "1", startedAt: at(0), seenAt: at(0), queues: ["default"])
    try await store.announce(record)
    let request = LeaseRequest(owner: worker, limits: [.init(queue: "default", count: 1)])
    let leased = try #require(try await store.lease(request, at: at(5)).first)
    let demand = BudgetDemand(key: BudgetKey(account: "a", resource: "things"), size: 3, window: .seconds(60))
    #expect(try await store.acquire(demand, for: "e", under: leased.lease, at: at(6)) == .granted)
    _ = try await store.backUp(to: copy)
    let complete = Completion(lease: leased.lease, outcome: .done(output: "{}"))
    _ = try await store.complete([complete], at: at(7))
    let inUse = await #expect(throws: JobStoreError.self) {
      _ = try await SQLiteJobStore.restore(copy, to: path, by: Operator("ana"), at: at(8))
    }
    #expect(inUse?.code == .busy)
    #expect(try await store.status().count(.completed) == 1, "the file in use is as it was")
    await store.close()

    let restored = try await SQLiteJobStore.restore(copy, to: path, by: Operator("ana"), at: at(8))
    #expect(restored.jobs == 2 && restored.held == 2)
    let again = try await SQLiteJobStore.open(at: path)
    let jobs = try await again.jobs(JobQuery(limit: 10))
    #expect(jobs.allSatisfy { $0.state == .held && $0.waitReason?.contains("look before you release it") == true })
    #expect(try await again.lease(LeaseRequest(owner: WorkerID("new"), limits: request.limits), at: at(9)).isEmpty)
    #expect(try await again.workers().isEmpty)
    let budget = try #require(try await again.budgets(at: at(9)).first)
    #expect(budget.used == 3)
    #expect(try await again.audit(limit: 5, before: nil).map(\.verb) == [.hold])
    await again.close()
    let former = try #require(restored.former)
    let before = try await SQLiteJobStore.open(at: former)
    #expect(try await before.status().count(.completed) == 1, "the file of before is kept")
    await before.close()
    #expect(try names().filter { $0.contains("restoring") || $0.contains("part") } == [])
  }

  @Test("what is no backup, is gone, or is in use itself is not restored")
  func notRestored() async throws {
    let store = try await fill(1)
    await store.close()
    try directory.write("text.db", Array("not a database, and long enough to be looked at".utf8))
    try RawDatabase.script("CREATE TABLE other (a)", in: "\(directory.path)/other.db")
    for (name, code) in [("text.db", JobStoreError.Code.corrupt), ("other.db", .corrupt), ("none.db", .noSuchStore)] {
      let error = await #expect(throws: JobStoreError.self) {
        _ = try await SQLiteJobStore.restore("\(directory.path)/\(name)", to: path, by: Operator("ana"), at: at(8))
      }
      #expect(error?.code == code, "\(name): \(String(describing: error))")
    }
    let live = try await SQLiteJobStore.open(at: "\(directory.path)/live.db")
    _ = try await live.enqueue([NewJob(kind: "a")], at: at(1))
    let error = await #expect(throws: JobStoreError.self) {
      _ = try await SQLiteJobStore.restore("\(directory.path)/live.db", to: path, by: Operator("ana"), at: at(8))
    }
    #expect(error?.code == .busy)
    await live.close()
    let again = try await SQLiteJobStore.open(at: path)
    #expect(try await again.status().count(.ready) == 1, "the file is as it was")
    await again.close()
  }

  private func names() throws -> [String] {
    guard let folder = opendir(directory.path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    return names.filter { !$0.hasPrefix(".") }.sorted()
  }
}

/// The mode of a file.
private enum FileMode {
  static func of(_ path: String) throws -> mode_t {
    var status = stat()
    try #require(stat(path, &status) == 0)
    return status.st_mode & 0o777
  }
}
