import JobQueue
import SQLiteJobStore
import Testing

@Suite("rundown gates and budgets", .timeLimit(.minutes(20)))
struct GatesTests {
  struct Gates: Decodable {
    struct Gate: Decodable {
      var key: String
      var state: String
      var waiting: Int
      var until: String?
      var reason: String
      var byPerson: Bool
    }
    var gates: [Gate]
  }

  struct Budgets: Decodable {
    struct Budget: Decodable {
      var account: String
      var resource: String
      var size: Int
      var windowSeconds: Double
      var used: Int
      var nextSlot: String?
      var waiting: Int
      var finish: String?
    }
    var budgets: [Budget]
  }

  private static let entry = [
    "enqueue", "create-map-entry", "--engine", "fra1", "--application", "live", "--source-stream", "cam", "--bucket",
    "example-live", "--region", "eu-central-1", "--credential", "push", "--entry-name",
  ]

  @Test("a gate closed by an operator holds its jobs back, is shown first, and lets them run when it is opened")
  func closed() async throws {
    let folder = try Folder()
    #expect(try await Command.run(Self.entry + ["one"], in: folder).status == 0)
    let none = try await Command.run(["gates", "list"], in: folder)
    #expect(none.status == 0 && none.errors.contains("no gate has ever been closed"))
    let closing = ["gates", "close", "engine:fra1", "--until", "+2h", "--reason", "new disks"]
    #expect(try await Command.run(closing, in: folder).output == "engine:fra1 closed\n")

    let gate = try #require(
      try await Command.run(["gates", "list", "--json"], in: folder).json(Gates.self).gates.first)
    #expect(gate.key == "engine:fra1" && gate.state == "closed" && gate.waiting == 1)
    #expect(gate.reason == "new disks" && gate.byPerson && gate.until != nil)
    let table = try await Command.run(["gates", "list"], in: folder).output
    #expect(table.contains("engine:fra1") && table.contains("by an operator: new disks"))

    let status = try await Command.run(["status"], in: folder).output
    let first = try #require(status.split(separator: "\n").first)
    #expect(first.hasPrefix("gate engine:fra1 was closed by an operator, next probe "))
    #expect(first.hasSuffix("): new disks; 1 waiting"))
    let list = try await Command.run(["jobs", "list"], in: folder).output
    #expect(list.contains("behind gate engine:fra1, which is closed: new disks"))
    let story = try await Command.run(["jobs", "show", "1"], in: folder).output
    #expect(story.contains("gate      engine:fra1"))
    #expect(story.contains("waits: gate engine:fra1 was closed by an operator"))

    #expect(try await Command.run(["gates", "open", "engine:fra1"], in: folder).output == "engine:fra1 opened\n")
    #expect(try await Command.run(["gates", "open", "engine:fra1"], in: folder).output.contains("is already open"))
    #expect(try await !Command.run(["status"], in: folder).output.contains("gate engine"))
  }

  @Test("a job that is alone behind its gate, and met the outage each time, is shown as such")
  func alone() async throws {
    let folder = try Folder()
    #expect(try await Command.run(Self.entry + ["one"], in: folder).status == 0)
    let store = try await SQLiteJobStore.open(at: folder.database)
    var now = SystemClock().now()
    let why = "POST mapentries live/one: the engine is failing (500: cannot)"
    let failure = Failure(code: "500", message: "cannot")
    // It counts; it closes the gate; it is the probe, and closes it for an hour.
    for requested in [nil, nil, Duration.seconds(3600)] {
      let request = LeaseRequest(owner: WorkerID("tests"), limits: [.init(queue: "engines", count: 9)])
      let leased = try #require(try await store.lease(request, at: now).first)
      let again = CountedFailure(failure: failure, again: .init(at: now, why: "failure 1 of 12"))
      let closure = GateClosure(base: .seconds(1), requested: requested, why: why)
      _ = try await store.complete(
        [Completion(lease: leased.lease, outcome: .suspectsOutage(closure, otherwise: again))], at: now)
      now = now + .seconds(1)
      _ = try await store.promoteDue(at: now, limit: 9)
    }
    await store.close()
    let gate = "gate engine:fra1 is closed, next probe MOMENT: \(why)"
    let status = try await Command.run(["status"], in: folder).output.replacing(
      /next probe [^(]+\([^)]+\)/, with: "next probe MOMENT")
    let alone = "job 1 is the only one there, so every probe is this job, at growing intervals of up to 60 s"
    #expect(status.hasPrefix("\(gate); 1 waiting; \(alone)\n"), "\(status)")
    let list = try await Command.run(["gates", "list"], in: folder).output
    #expect(list.contains("\(why); \(alone)"), "\(list)")
    let listed = try await Command.run(["gates", "list", "--json"], in: folder).output
    #expect(listed.filter { $0 != " " }.contains(#""lastProbe":1"#), "\(listed)")
    let story = try await Command.run(["jobs", "show", "1"], in: folder).output.replacing(
      /next probe [^(]+\([^)]+\)/, with: "next probe MOMENT")
    #expect(
      story.contains(
        "waits: \(gate); this job was the last to fail there: the next probe is another job or, if no other "
          + "is waiting, this one again, at growing intervals of up to 60 s"), "\(story)")
    // With a second job there it is no longer alone.
    #expect(try await Command.run(Self.entry + ["two"], in: folder).status == 0)
    #expect(try await !Command.run(["status"], in: folder).output.contains("alone"))
  }

  @Test("an unknown gate is neither closed nor opened, but refused with the one that was probably meant")
  func wrong() async throws {
    let folder = try Folder()
    #expect(try await Command.run(Self.entry + ["one"], in: folder).status == 0)
    for arguments in [
      ["gates", "close", "fra1", "--reason", "x"],
      ["gates", "close", "engine:fra1", "--until", "soon", "--reason", "x"],
      ["gates", "close", "engine:fra1", "--until", "2020-01-01T00:00:00Z", "--reason", "x"],
      ["gates", "close", "engine:fra1"],
    ] {
      #expect(try await Command.run(arguments, in: folder).status == 2, "\(arguments)")
    }
    #expect(try await Command.run(["gates", "list", "--json"], in: folder).json(Gates.self).gates.isEmpty)
    _ = try await Command.run(["gates", "close", "engine:fra1", "--reason", "x"], in: folder)
    let typo = try await Command.run(["gates", "open", "engine:fra2"], in: folder)
    #expect(typo.status == 7)
    #expect(typo.errors.contains("error[no-such-gate]") && typo.errors.contains("did you mean engine:fra1?"))
  }

  @Test(
    "a gate can be closed if a connection or a job in the file has it; a typing error is refused with the nearest one")
  func unknown() async throws {
    let folder = try Folder()
    try folder.write(
      "rundown.yaml",
      """
      apiVersion: rundown/v1
      connections:
        engines:
          down: {url: "http://127.0.0.1:1", auth: none}
      """)
    let store = try await SQLiteJobStore.open(at: folder.database)
    _ = try await store.enqueue([NewJob(kind: "work", gate: "aws:elsewhere")], at: SystemClock().now())
    await store.close()
    for (gate, help) in [
      ("engine:donw", "did you mean engine:down?"), ("aws:elsewere", "did you mean aws:elsewhere?"),
      ("wowza-video:production", "known: aws:elsewhere, engine:down"), ("aws:", "write engine:NAME"),
    ] {
      let refused = try await Command.run(["gates", "close", gate, "--until", "+1h", "--reason", "x"], in: folder)
      #expect(refused.status == 2 && refused.output.isEmpty, "\(gate)")
      #expect(refused.errors.contains(help), "\(gate): \(refused.errors)")
    }
    for reason in ["", " "] {
      let refused = try await Command.run(["gates", "close", "engine:down", "--reason", reason], in: folder)
      #expect(refused.status == 2 && refused.errors.contains("the reason is empty"))
    }
    #expect(try await Command.run(["gates", "list", "--json"], in: folder).json(Gates.self).gates.isEmpty)
    for gate in ["engine:down", "aws:elsewhere"] {
      let closed = try await Command.run(["gates", "close", gate, "--reason", "new disks"], in: folder)
      #expect(closed.status == 0 && closed.output == "\(gate) closed\n")
    }
    // A connection of these names was never closed, so there is nothing to open.
    let opened = try await Command.run(["gates", "open", "engine:donw"], in: folder)
    #expect(opened.status == 7 && opened.errors.contains("did you mean engine:down?"))
  }

  @Test("a second entry of an application says which job it waits for")
  func concurrency() async throws {
    let folder = try Folder()
    for name in ["one", "two"] { #expect(try await Command.run(Self.entry + [name], in: folder).status == 0) }
    let store = try await SQLiteJobStore.open(at: folder.database)
    let request = LeaseRequest(owner: WorkerID("tests"), limits: [.init(queue: "engines", count: 9)])
    #expect(try await store.lease(request, at: SystemClock().now()).map(\.job.id) == [JobID(1)])
    await store.close()
    let story = try await Command.run(["jobs", "show", "2"], in: folder).output
    #expect(story.contains("waits: engine fra1/live takes one at a time; now job 1"))
  }

  /// Restreams of assets: the first holds the only unit of two hours, the others were told their turns and wait.
  private func standInLine(_ assets: [String], in folder: Folder) async throws -> (
    store: SQLiteJobStore, holder: Lease, slots: [Timestamp], now: Timestamp
  ) {
    for asset in assets {
      let enqueued = try await Command.run(
        ["enqueue", "restream-asset", "--connection", "main", "--asset-id", asset], in: folder)
      #expect(enqueued.status == 0)
    }
    let store = try await SQLiteJobStore.open(at: folder.database)
    let now = SystemClock().now()
    let key = BudgetKey(account: "wowza-video:main", resource: "live-streams")
    let demand = BudgetDemand(key: key, size: 1, window: .seconds(7200))
    let request = LeaseRequest(owner: WorkerID("tests"), limits: [.init(queue: "wowza-video", count: 9)])
    let leases = try await store.lease(request, at: now).map(\.lease)
    var slots: [Timestamp] = []
    for lease in leases {
      let answer = try await store.acquire(demand, for: "restream", under: lease, at: now)
      guard case .wait(let wait) = answer else { continue }
      slots.append(wait.slot)
      let outcome = Outcome.snooze(until: wait.slot, why: "budget")
      _ = try await store.complete([Completion(lease: lease, outcome: outcome)], at: now)
    }
    return (store, try #require(leases.first), slots, now)
  }

  @Test(
    "a budget shows its use, the next slot, how many wait and when the last one is due; a job says what it waits for")
  func budget() async throws {
    let folder = try Folder()
    let line = try await standInLine(["a", "b", "c"], in: folder)
    #expect(line.slots == [line.now + .seconds(7200), line.now + .seconds(14400)])
    await line.store.close()

    let budget = try #require(
      try await Command.run(["budgets", "list", "--json"], in: folder).json(Budgets.self).budgets.first)
    #expect(budget.account == "wowza-video:main" && budget.resource == "live-streams")
    #expect(budget.size == 1 && budget.used == 1 && budget.windowSeconds == 7200 && budget.waiting == 2)
    #expect(budget.nextSlot != nil && budget.finish != nil && budget.nextSlot != budget.finish)
    let table = try await Command.run(["budgets", "list"], in: folder).output
    #expect(table.contains("wowza-video:main/live-streams") && table.contains("1 of 1") && table.contains("2h00m"))
    let status = try await Command.run(["status"], in: folder).output
    #expect(status.hasPrefix("budget live-streams of account main: 1 of 1 used, next slot "))
    let story = try await Command.run(["jobs", "show", "2"], in: folder).output
    let sentence = /budget live-streams of account main: 1 of 1 used, next slot [-0-9:Z ]+, 1st in line/
    #expect(story.contains(sentence), "\(story)")
  }

  @Test("while a unit is free, waiting jobs show whose it is and their places in line")
  func free() async throws {
    let folder = try Folder()
    let line = try await standInLine(["a", "b", "c", "d"], in: folder)
    // Refused, and still at work: the unit is free, and nobody before it.
    try await line.store.write([.refusal(effect: "restream")], under: line.holder, at: line.now)
    await line.store.close()

    let status = try await Command.run(["status"], in: folder).output
    let sentence = "budget live-streams of account main: 0 of 1 used, next slot now, for the first in line, 4 waiting"
    #expect(status.hasPrefix(sentence))
    #expect(try await Command.run(["budgets", "list"], in: folder).output.contains("now, for the first in line"))
    let story = try await Command.run(["jobs", "show", "3"], in: folder).output
    #expect(story.contains(/0 of 1 used, next slot [-0-9:Z ]+, 3rd in line/), "\(story)")
    #expect(story.contains("runs in 4h00m") || story.contains("runs in 3h59m"))
  }
}
