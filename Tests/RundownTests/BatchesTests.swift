import Testing

@Suite("rundown batches", .timeLimit(.minutes(20)))
struct BatchesTests {
  private struct Listed: Decodable {
    var batches: [Batch]
  }

  private struct Shown: Decodable {
    var batch: Batch
  }

  private struct Batch: Decodable {
    var name: String
    var verb: String
    var source: String
    var who: String
    var asked: Int
    var states: [String: Int]
  }

  private static func jobs(_ assets: [String], label: String = "") -> String {
    assets.map { asset in
      #"{"kind":"restream-asset","with":{"connection":"main","assetID":"\#(asset)"}\#(label)}"#
    }.joined(separator: "\n")
  }

  private static func list(in folder: Folder, _ arguments: [String] = []) async throws -> [Batch] {
    try await Command.run(["batches", "list", "--json"] + arguments, in: folder).json(Listed.self).batches
  }

  @Test("a file of jobs and an apply are one each, one job is none, and a name that a label gives is kept")
  func listed() async throws {
    let folder = try Folder()
    let one = try await Command.run(["enqueue", "-"], in: folder, input: Self.jobs(["a"]))
    #expect(one.status == 0 && !one.errors.contains("batch"), "\(one.errors)")
    #expect(try await Self.list(in: folder).isEmpty)
    try folder.write("night.jsonl", Self.jobs(["b", "c", "d"]))
    let file = try await Command.run(["enqueue", "night.jsonl"], in: folder, environment: ["USER": "ana"])
    #expect(file.output == "2\n3\n4\n" && file.errors.contains("\nbatch 20"), "\(file.errors)")
    try folder.write(
      "p.yaml",
      """
      apiVersion: rundown/v1
      kind: Profile
      name: p
      engine: fra1
      region: eu-central-1
      bucket: {name: gig-live, connection: media}
      target: {credential: push}
      labels: {house: eu}
      """)
    try folder.write("gig.csv", "stream\na\nb\n")
    let apply = ["apply", "gig.csv", "--profile", "./p.yaml"]
    #expect(try await Command.run(apply, in: folder).errors.contains("\nbatch 20"))
    let named = Self.jobs(["x", "y"], label: #","labels":{"batch":"replays"}"#)
    #expect(try await Command.run(["enqueue", "-"], in: folder, input: named).status == 0)

    let batches = try await Self.list(in: folder)
    #expect(
      Set(batches.map { "\($0.verb) \($0.source) \($0.asked)" })
        == ["enqueue night.jsonl 3", "apply gig 3", "enqueue standard input 2"])
    #expect(batches.contains { $0.name == "replays" && $0.states == ["ready": 2] })
    #expect(batches.contains { $0.source == "night.jsonl" && $0.states == ["ready": 3] && $0.who.hasPrefix("ana@") })
    #expect(batches.contains { $0.source == "gig" && $0.states == ["ready": 1, "blocked": 2] })
    #expect(try await Self.list(in: folder, ["-l", "manifest=gig"]).map(\.source) == ["gig"])
    let labelled = try await Command.run(["jobs", "list", "-l", "batch=replays", "-o", "name"], in: folder)
    #expect(labelled.output == "9\n8\n", "\(labelled.output)")

    // What was there already belongs to the batch that brought it in.
    try folder.write("gig.csv", "stream\na\nb\nc\n")
    #expect(try await Command.run(apply, in: folder).status == 0)
    let again = try await Self.list(in: folder).filter { $0.source == "gig" }
    #expect(Set(again.map { [$0.asked, $0.states["blocked"] ?? 0] }) == [[3, 2], [4, 1]])
    let table = try await Command.run(["batches"], in: folder).output
    #expect(table.hasPrefix("BATCH") && table.contains("apply gig"), "\(table)")
  }

  @Test("show how the jobs of each kind stand; what is unfinished is cancelled after a question")
  func cancelled() async throws {
    let folder = try Folder()
    try folder.write("night.jsonl", Self.jobs(["b", "c", "d"]))
    #expect(try await Command.run(["enqueue", "night.jsonl"], in: folder).status == 0)
    #expect(try await Command.run(["enqueue", "-"], in: folder, input: Self.jobs(["e"])).status == 0)
    let name = try #require(try await Self.list(in: folder).first).name
    #expect(try await Command.run(["jobs", "cancel", "2"], in: folder).status == 0)
    let shown = try await Command.run(["batches", "show", name], in: folder)
    #expect(shown.output.contains("READY") && shown.output.contains("restream-asset"), "\(shown.output)")
    let asked = try await Command.run(["batches", "cancel", name], in: folder)
    #expect(asked.status == 2 && asked.errors.contains("cancel would change 2 jobs of enqueue night.jsonl"))
    let reason = ["--yes", "--reason", "wrong night"]
    let ended = try await Command.run(["batches", "cancel", name] + reason, in: folder)
    #expect(ended.status == 0 && ended.output == "1 cancelled\n3 cancelled\n", "\(ended.errors)")
    let states = try await Command.run(["batches", "show", name, "--json"], in: folder).json(Shown.self).batch.states
    #expect(states == ["cancelled": 3])
    #expect(try await Command.run(["jobs", "list", "--state", "ready", "-o", "name"], in: folder).output == "4\n")
    let audit = try await Command.run(["audit"], in: folder).output
    #expect(audit.contains("batch \(name) --reason \"wrong night\""), "\(audit)")
    let nothing = try await Command.run(["batches", "cancel", name], in: folder)
    #expect(nothing.status == 0 && nothing.errors.contains("batch \(name) has no unfinished jobs"))
    let unknown = try await Command.run(["batches", "show", "x"], in: folder)
    #expect(unknown.status == 7 && unknown.errors.contains("error[RD0423]"))
  }

  @Test("JSON names the batch, or null where nothing was added; what adds nothing leaves no batch behind")
  func nothing() async throws {
    struct Applied: Decodable {
      struct Report: Decodable {
        var batch: String?
        var enqueued: Int
      }
      var applied: Report
    }
    struct Receipts: Decodable { var batch: String? }
    let folder = try Folder()
    try folder.write(
      "gig.csv", "stream,engine,region,bucket,bucket.connection,credential\na,e,eu-central-1,gig-live,m,p\n")
    let first = try await Command.run(["apply", "gig.csv", "--json"], in: folder).json(Applied.self).applied
    #expect(first.batch?.hasPrefix("20") == true && first.enqueued == 2)
    let second = try await Command.run(["apply", "gig.csv", "--json"], in: folder)
    #expect(second.output.contains(#""batch":null"#), "\(second.output)")
    #expect(try await Self.list(in: folder).map(\.name) == [try #require(first.batch)])

    // Also one that a label names, and that is there already, stays as it was.
    let jobs = [
      #"{"kind":"create-map-entry","with":{"engine":"e","application":"live","entryName":"b","sourceStream":"b","#,
      #""bucket":"gig-live","region":"eu-central-1","credential":"p"},"labels":{"batch":"replays"}}"#,
    ].joined()
    let two = jobs + "\n" + jobs.replacing(#""b""#, with: #""c""#)
    let named = try await Command.run(["enqueue", "-", "--json"], in: folder, input: two)
    #expect(try named.json(Receipts.self).batch == "replays", "\(named.errors)")
    try folder.write("again.jsonl", two)
    let again = try await Command.run(["enqueue", "again.jsonl", "--json"], in: folder)
    #expect(again.status == 0 && again.output.contains(#""batch":null"#), "\(again.output)")
    #expect(try await Self.list(in: folder).first { $0.name == "replays" }?.source == "standard input")
  }

  @Test("goes with the last of its jobs when those are pruned")
  func pruned() async throws {
    let folder = try Folder()
    var names: [String] = []
    for assets in [["a", "b"], ["c", "d"]] {
      let ended = try await Command.run(["enqueue", "-"], in: folder, input: Self.jobs(assets))
      #expect(ended.status == 0, "\(ended.errors)")
      names = try await Self.list(in: folder).map(\.name)
    }
    #expect(try await Command.run(["jobs", "cancel", "1", "2", "3"], in: folder).status == 0)
    let pruned = try await Command.run(["prune", "--older-than", "0s", "--yes"], in: folder)
    #expect(pruned.output == "3 jobs removed\n", "\(pruned.errors)")
    #expect(try await Self.list(in: folder).map(\.name) == [names[0]])
    #expect(try await Command.run(["batches", "show", names[1]], in: folder).status == 7)
  }

  @Test("of eight that begin in the same second each has a name of its own")
  func race() async throws {
    let folder = try Folder()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<8 {
        group.addTask {
          let jobs = Self.jobs(["a\(number)", "b\(number)"])
          let ended = try await Command.run(["enqueue", "-"], in: folder, input: jobs)
          #expect(ended.status == 0, "\(ended.errors)")
        }
      }
      try await group.waitForAll()
    }
    let batches = try await Self.list(in: folder)
    #expect(Set(batches.map(\.name)).count == 8 && batches.allSatisfy { $0.states == ["ready": 2] })
  }
}
