import JobQueue
import Manifests
import Settings
import StreamingJobs
import Testing

@Suite("A plan")
struct PlanTests {
  private static let spec = """
    streams: [{name: a, cdn: wowza-cdn}, {name: b}, {name: c, bucket: live-2}]
    """

  private static func item(_ resource: Expansion.Resource) throws -> InventoryItem {
    let fields = [
      #""manifest":"cup""#, #""kind":"\#(resource.job.kind)""#, #""resource":"\#(resource.job.uniqueKey ?? "")""#,
      #""desired":"sha256:0""#, #""state":"present""#, #""verifiedAt":1"#,
    ]
    return try JSONText.decode(InventoryItem.self, from: "{\(fields.joined(separator: ","))}")
  }

  private static let difference = FieldDifference(field: "profile", found: "one", wanted: "two")
  private static let refusal = LookResult.failed(PlanGiven.failure("nobody is there"))

  /// What is to be done about a map entry of which this is known, and why.
  private func decided(_ look: LookResult?, isOurs: Bool = false, job: PendingJob? = nil) throws -> String {
    let resource = try #require(try ManifestGiven.expand(Self.spec).resources.first { $0.role == .mapEntry })
    let state = ResourceState(look: look, item: isOurs ? try Self.item(resource) : nil, job: job)
    let entry = Plan(manifest: "cup", [resource], states: [state]).entries[0]
    return entry.action.rawValue + (entry.why.map { ": \($0)" } ?? "")
  }

  @Test("what is missing is created, what is as asked adopted once, what differs changed or refused")
  func actions() throws {
    #expect(try decided(.stands(.missing)) == "create")
    #expect(try decided(.stands(.missing), isOurs: true) == "create: it existed, but someone removed it")
    #expect(try decided(.stands(.asAsked(id: nil, unread: []))) == "adopt")
    #expect(try decided(.stands(.asAsked(id: nil, unread: [])), isOurs: true) == "no-op")
    #expect(try decided(.stands(.changes([Self.difference]))) == "change: this manifest did not create it")
    #expect(try decided(.stands(.changes([Self.difference])), isOurs: true) == "change")
    #expect(try decided(.stands(.refuses([Self.difference])), isOurs: true) == "refused: it exists and differs")
    #expect(try decided(.stands(.blocked("no application"))) == "refused: no application")
    #expect(try decided(Self.refusal) == "unknown: nobody is there")
    let job = PendingJob(id: JobID(rawValue: 7), state: .held, differs: ["profile"])
    #expect(
      try decided(nil, job: job)
        == "pending: job 7 is held, with another profile; to change it: rundown jobs cancel 7, then apply again")
  }

  @Test("a switch is nobody's: it is done or to do, never adopted; one that comes later needs no look")
  func switches() throws {
    let expansion = try ManifestGiven.expand(
      """
      streams: [{name: a, start: "2096-01-01T10:00:00Z", stop: "2096-01-01T12:00:00Z"}]
      """)
    let index = try #require(expansion.resources.firstIndex { $0.role == .enableMapEntry })
    #expect(Plan.toLookFor(expansion.resources, pending: [:], at: Given.now).keys.sorted() == [0, 1])
    let later = Timestamp(milliseconds: 4_000_000_000_000)
    #expect(Plan.toLookFor(expansion.resources, pending: [0: PlanGiven.job(1)], at: later).keys.sorted() == [1, 2, 3])
    func action(_ look: LookResult?) -> PlanAction {
      Plan(manifest: "cup", [expansion.resources[index]], states: [ResourceState(look: look)]).entries[0].action
    }
    #expect(action(nil) == .create)
    #expect(action(.stands(.asAsked(id: nil, unread: []))) == .none)
    #expect(action(.stands(.changes([Self.difference]))) == .change)
  }

  @Test("enqueues what is to do, each waiting for its parents among them and for what is under way")
  func jobs() throws {
    let expansion = try ManifestGiven.expand(Self.spec)
    // Bucket, target, a, b, the other bucket, c.
    let known = LookResult.stands(.asAsked(id: nil, unread: []))
    let states = try [
      ResourceState(look: known, item: Self.item(expansion.resources[0])), ResourceState(look: .stands(.missing)),
      ResourceState(look: .stands(.missing)), ResourceState(look: Self.refusal),
      ResourceState(job: PlanGiven.job(9)), ResourceState(look: .stands(.missing)),
    ]
    let plan = Plan(manifest: "cup", expansion.resources, states: states)
    #expect(plan.entries.map(\.action) == [.none, .create, .create, .unknown, .pending, .create])
    #expect(plan.jobs.map(\.parents) == [[], [], [.job(JobID(rawValue: 9))]])
    #expect(plan.counts == [.none: 1, .create: 3, .unknown: 1, .pending: 1])
  }

  @Test("a connection that cannot be reached is reported once, any other reason for each resource")
  func failures() throws {
    let expansion = try ManifestGiven.expand(Self.spec)
    let down = PlanGiven.failure("nobody is there", isOfConnection: true)
    let states = expansion.resources.enumerated().map { index, _ in
      ResourceState(look: .failed(index < 4 ? down : PlanGiven.failure("reason \(index)")))
    }
    let plan = Plan(manifest: "cup", expansion.resources, states: states)
    #expect(plan.failures.map(\.resources) == [4, 1, 1])
    #expect(!plan.hasChanges && plan.jobs.isEmpty)
  }

  @Test(
    "whatever is known: each thing to do is one job, its parents stand before it, and nothing waits for what is there")
  func anything() throws {
    let expansion = try ManifestGiven.expand(
      """
      groups: [{name: all, cdn: wowza-cdn, generate: {name: "cam-{n}", from: 1, to: 6}}]
      streams: [{name: other, bucket: live-2, start: "2096-01-01T10:00:00Z"}]
      rollout: {canary: 1, waves: [2, rest], stopOn: {failedPercent: 7}}
      """)
    var random = PlanGiven.Random(seed: 20_261_128)
    for _ in 0..<300 {
      let states = try expansion.resources.map { try PlanGiven.state(of: $0, &random, item: Self.item) }
      let plan = Plan(manifest: "cup", expansion.resources, states: states)
      let toDo = plan.entries.filter(\.action.isToDo)
      #expect(plan.jobs.map(\.uniqueKey) == toDo.map(\.resource.job.uniqueKey))
      #expect(plan.hasChanges == !toDo.isEmpty)
      for (index, job) in plan.jobs.enumerated() {
        for case .batch(let parent) in job.parents { #expect(parent < index) }
      }
      for (entry, state) in zip(plan.entries, states) {
        #expect((entry.action == .pending) == (state.job != nil))
        if case .failed? = state.look, state.job == nil { #expect(entry.action == .unknown) }
        if case .refuses? = state.standing, state.job == nil { #expect(entry.action == .refused) }
      }
      try savedAgain(plan, expansion, states)
    }
  }

  /// A plan without anything unknown or refused comes back from its text as it was, and sees whatever moves.
  private func savedAgain(_ plan: Plan, _ expansion: Expansion, _ states: [ResourceState]) throws {
    guard (plan.counts[.unknown] ?? 0) + (plan.counts[.refused] ?? 0) == 0 else { return }
    let source = SavedPlan.Source(file: "cup.yaml", profile: nil, connections: nil)
    let saved = SavedPlan(plan, of: expansion, source: source, files: [], at: Given.now)
    let text = try saved.text()
    #expect(SavedPlan.isBegun(by: text.utf8))
    let read = try SavedPlan(reading: text, file: "cup.plan")
    #expect(read.head == saved.head && read.plan.jobs == plan.jobs)
    #expect(read.plan.entries.map(\.action) == plan.entries.map(\.action))
    #expect(read.moved(states, completed: []).isEmpty)
    try inWaves(read, saved)
    for (index, state) in states.enumerated() {
      var moved = states
      if state.standing == nil {
        moved[index].job = state.job == nil ? PlanGiven.job(77) : nil
      } else {
        moved[index].look = .stands(.blocked("somebody was here"))
      }
      #expect(read.moved(moved, completed: []).count == 1)
    }
  }

  /// The jobs of a saved plan are those of the plan, none waits for one behind it, and the waves are as large as they say.
  private func inWaves(_ read: SavedPlan, _ saved: SavedPlan) throws {
    let waves = try read.waves()
    let before = try saved.waves()
    #expect(waves.jobs == before.jobs && waves.sizes == before.sizes)
    let checks = waves.jobs.filter { $0.kind == CheckWave.kind }
    #expect(checks.count == waves.sizes.count - 1)
    #expect(checks.allSatisfy { $0.labels == ["event": "cup", "manifest": "cup"] })
    let own = waves.indices.map { waves.jobs[$0] }
    #expect(own.map(\.uniqueKey) == read.plan.jobs.map(\.uniqueKey))
    #expect(own.count + checks.count == waves.jobs.count && Set(waves.indices).count == own.count)
    var streams: [Int: Set<String>] = [:]
    for (index, job) in waves.jobs.enumerated() {
      for case .batch(let parent) in job.parents {
        #expect(parent < index)
        guard let wave = Self.wave(job), let earlier = Self.wave(waves.jobs[parent]) else { continue }
        #expect(earlier <= wave)
      }
      guard job.kind == CreateMapEntry.kind, let stream = job.labels["stream"] else { continue }
      streams[Self.wave(job) ?? 1, default: []].insert(stream)
    }
    #expect(waves.sizes == waves.sizes.indices.map { streams[$0 + 1]?.count ?? 0 })
    let count = streams.values.reduce(0) { $0 + $1.count }
    #expect(waves.sizes.first == min(1, count) && waves.sizes.reduce(0, +) == count)
  }

  private static func wave(_ job: NewJob) -> Int? { job.labels[ManifestLabel.wave].flatMap { Int($0) } }

  private static let rollout = #"""
    groups: [{name: all, cdn: wowza-cdn, generate: {name: "cam-{n}", from: 1, to: 5}}]
    streams: [{name: last, bucket: live-2}]
    rollout: {canary: 1, waves: [2, rest], window: {not: ["2096-01-01T13:00/2096-01-01T14:00 Etc/UTC"]}}
    """#

  @Test("in a saved plan the waves count the streams that have something to do; what only is shared comes last")
  func waves() throws {
    let expansion = try ManifestGiven.expand(Self.rollout)
    // Bucket, target, cam-1 to cam-5, the other bucket, last.
    let known = LookResult.stands(.asAsked(id: nil, unread: []))
    let states = try expansion.resources.enumerated().map { index, resource in
      [1, 3, 4, 6].contains(index)
        ? ResourceState(look: .stands(.missing)) : ResourceState(look: known, item: try Self.item(resource))
    }
    let plan = Plan(manifest: "cup", expansion.resources, states: states)
    let source = SavedPlan.Source(file: "cup.yaml", profile: nil, connections: nil)
    let text = try SavedPlan(plan, of: expansion, source: source, files: [], at: Given.now).text()
    let waves = try SavedPlan(reading: text, file: "cup.plan").waves()
    #expect(waves.sizes == [1, 2])
    // The target is what all of them need: it comes with the canary.
    #expect(
      waves.jobs.map(\.kind) == [CreateFastlyTarget.kind, CreateMapEntry.kind, CheckWave.kind]
        + [CreateMapEntry.kind, CreateMapEntry.kind])
    #expect(waves.jobs.map { $0.labels["stream"] } == [nil, "cam-2", nil, "cam-3", "cam-5"])
    #expect(waves.jobs.map(\.parents) == [[], [], [], [.batch(2)], [.batch(2)]])
    #expect(waves.jobs.map(Self.wave) == [1, 1, nil, 2, 2])
    let span = "2096-01-01T13:00:00Z/2096-01-01T14:00:00Z"
    #expect(waves.jobs.map { $0.labels[Blackout.label] } == [span, span, nil, span, span])

    var alone = states
    for index in [3, 4, 6] {
      alone[index] = try ResourceState(look: known, item: Self.item(expansion.resources[index]))
    }
    let shared = Plan(manifest: "cup", expansion.resources, states: alone)
    let one = try SavedPlan(shared, of: expansion, source: source, files: [], at: Given.now).waves()
    #expect(one.jobs.map(\.kind) == [CreateFastlyTarget.kind] && one.sizes == [0])

    func isRefused(_ word: String, _ other: String) -> Bool {
      let changed = text.replacing(word, with: other)
      #expect(changed != text)
      return (try? SavedPlan(reading: changed, file: "cup.plan")) == nil
    }
    #expect(isRefused(#""wave":2"#, #""wave":3"#) && isRefused(#""wave":1"#, #""wave":0"#))
    #expect(isRefused(#""streams":[1,2]"#, #""streams":[1,-2]"#) && isRefused(#""streams":[1,2]"#, #""streams":[]"#))
    #expect(isRefused(#""failedPercent":0"#, #""failedPercent":101"#) && isRefused(span, "soon"))
  }

  @Test("a saved plan that is torn, of another version or changed is refused")
  func torn() throws {
    let expansion = try ManifestGiven.expand(Self.spec)
    let states = expansion.resources.map { _ in ResourceState(look: .stands(.missing)) }
    let source = SavedPlan.Source(file: "cup.yaml", profile: nil, connections: nil)
    let plan = Plan(manifest: "cup", expansion.resources, states: states)
    let text = try SavedPlan(plan, of: expansion, source: source, files: [], at: Given.now).text()
    let lines = text.split(separator: "\n")
    func code(_ text: String) -> String? {
      do throws(Diagnostic) {
        _ = try SavedPlan(reading: text, file: "cup.plan")
        return nil
      } catch {
        return error.code
      }
    }
    #expect(code(text) == nil)
    for count in 0..<lines.count { #expect(code(lines.prefix(count).joined(separator: "\n")) == "RD0433") }
    #expect(code(text.replacing("\"version\":2,", with: "\"version\":3,", maxReplacements: 1)) == "RD0433")
    #expect(code(text.replacing("\"parents\":[0]", with: "\"parents\":[99]")) == "RD0433")
    #expect(code(text.replacing("create-map-entry", with: "no-such-kind")) == "RD0433")
  }

  @Test("reckons with the pace of each connection, with how long requests take, and with what waits for what")
  func forecast() throws {
    let expansion = try ManifestGiven.expand(
      #"groups: [{name: all, generate: {name: "cam-{n}", from: 1, to: 10}}]"#)
    let states = expansion.resources.map { _ in ResourceState(look: .stands(.missing)) }
    let plan = Plan(manifest: "cup", expansion.resources, states: states)
    var calls = CallCount()
    calls.requests = 2
    calls.time = .milliseconds(200)
    let limits = ["engine:fra1": PlanForecast.Limits(concurrentWrites: 3), "aws:media": .init(requestsPerSecond: 7)]
    let forecast = PlanForecast(plan, calls: ["engine:fra1": calls], limits: limits, at: Given.now)
    // Ten entries of three requests, three jobs at once, a tenth of a second each.
    let engine = try #require(forecast.connections.first { $0.gate == "engine:fra1" })
    #expect(engine.toCome == 30 && engine.asked == 2 && engine.span == .seconds(1))
    let bucket = try #require(forecast.connections.first { $0.gate == "aws:media" })
    #expect(bucket.toCome == 14 && bucket.span == .seconds(2))
    #expect(forecast.span == .seconds(3))
    #expect(PlanForecast(plan, calls: [:], limits: [:], at: Given.now).span == nil)
  }
}
