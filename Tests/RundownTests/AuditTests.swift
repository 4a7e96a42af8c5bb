import JobQueue
import SQLiteJobStore
import Testing

@Suite("rundown audit", .timeLimit(.minutes(20)))
struct AuditTests {
  struct Listed: Decodable {
    struct Entry: Decodable, Equatable {
      var who: String
      var verb: String
      var filter: String
      var count: Int
    }
    var apiVersion: String
    var audit: [Entry]
  }

  @Test("shows who did what to what, newest first, however it was chosen")
  func told() async throws {
    let folder = try Folder()
    let store = try await SQLiteJobStore.open(at: folder.database)
    let jobs = (0..<3).map { NewJob(kind: "k\($0)", gate: "engine:fra1", labels: ["event": "cup final"]) }
    _ = try await store.enqueue(jobs, at: SystemClock().now())
    await store.close()
    let none = try await Command.run(["audit"], in: folder)
    #expect(none.status == 0 && none.output.isEmpty && none.errors.contains("no operator has made any changes yet"))

    func run(_ words: String..., by user: String = "ana") async throws {
      let ended = try await Command.run(words, in: folder, environment: ["USER": user])
      #expect(ended.status == 0, "\(ended.errors)")
    }
    try await run("jobs", "cancel", "1", "3", "--reason", "wrong venue")
    try await run("jobs", "retry", "--state", "cancelled", "-l", "event=cup final", "--yes", by: "bob")
    try await run("gates", "close", "engine:fra1", "--reason", "new disks")
    try await run("gates", "open", "engine:fra1", by: "")
    // What is refused leaves no entry.
    #expect(try await Command.run(["gates", "open", "engine:none"], in: folder).status == 7)

    let listed = try await Command.run(["audit", "--json"], in: folder).json(Listed.self)
    #expect(listed.apiVersion == "rundown/v1")
    #expect(listed.audit.map(\.verb) == ["open-gate", "close-gate", "retry", "cancel"])
    #expect(listed.audit.map(\.count) == [1, 1, 2, 2])
    #expect(
      listed.audit.map(\.filter) == [
        "engine:fra1", "engine:fra1 --reason \"new disks\"", "--state cancelled --label \"event=cup final\"",
        "1 3 --reason \"wrong venue\"",
      ])
    let names = listed.audit.map { $0.who.split(separator: "@").first.map(String.init) ?? "" }
    #expect(Array(names.dropFirst()) == ["ana", "bob", "ana"])
    #expect(names[0].hasPrefix("uid "), "without a name the user's number stands there")

    let table = try await Command.run(["audit", "--limit", "2"], in: folder).output.split(separator: "\n")
    #expect(table.count == 3 && table[0].hasPrefix("AT") && table[1].contains("open-gate"))
    for limit in ["0", "-1", "10001"] {
      #expect(try await Command.run(["audit", "--limit=\(limit)"], in: folder).status == 2)
    }
  }
}
