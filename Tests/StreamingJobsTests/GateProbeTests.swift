import AWSClient
import HTTPTransport
import JobQueue
import JobQueueTestKit
import TestServers
import Testing

@testable import StreamingJobs

@Suite("The probe of a gate is one that asked")
struct GateProbeTests {
  private static let slots = 16

  /// Runs what a worker with so many slots gets behind a half-open gate: one job.
  private func probe(
    _ store: InMemoryJobStore, _ clock: VirtualClock, _ run: (LeasedJob) async throws -> Void
  ) async throws {
    let probes = try await store.leaseAll(Self.slots, at: clock.now())
    #expect(probes.count == 1)
    for probe in probes { try await run(probe) }
  }

  @Test("of 20 map entries behind a half-open gate one asks each time while connections are refused; then all are made")
  func mapEntries() async throws {
    try await Given.standIns { given in
      try await given.fault(#"{"listener":"engine fra1","kind":"down","durationSeconds":3600}"#)
      for number in 1...20 { _ = try await given.enqueue(Self.entry(number)) }
      try await given.store.halfOpen("engine:fra1", given.clock)
      for asked in 1...5 {
        try await probe(given.store, given.clock) { try await given.run($0) }
        #expect(try await given.store.exchanges(saying: "connect, not sent") == asked)
        #expect(try await given.store.leaseAll(Self.slots, at: given.clock.now()).isEmpty)
        #expect(try await given.store.gate("engine:fra1").gate.state == .closed)
        try await given.passUntilDue()
      }
      try await given.control("DELETE", "/faults")
      for probe in try await given.store.leaseAll(Self.slots, at: given.clock.now()) { try await given.run(probe) }
      #expect(try await given.store.gate("engine:fra1").gate.state == .open)
      while case let leased = try await given.store.leaseAll(Self.slots, at: given.clock.now()), !leased.isEmpty {
        for leased in leased { try await given.run(leased) }
      }
      #expect(try await given.mapEntries().count == 20)
      #expect(try await given.store.jobs(JobQuery(states: [.completed])).allSatisfy { $0.failures == 0 })
    }
  }

  @Test("of 20 uploads behind a half-open gate one asks each time, though each writes its round down before it asks")
  func uploads() async throws {
    let transport = CurlTransport(configuration: CurlTransport.Configuration(proxy: .none))
    defer { transport.shutdown() }
    try await UnansweredPort.refuses.hold { port in
      let given = StorageGiven(transport: transport, endpoint: { _ in .own("http://127.0.0.1:\(port)") })
      let file = try UploadRecordingFile(size: 9, suffix: ".mp4")
      defer { withExtendedLifetime(file) {} }
      for number in 1...20 {
        _ = try await given.enqueue(
          UploadRecording(connection: "media", file: file.path, bucket: "vod", key: "match-\(number).mp4"))
      }
      try await given.store.halfOpen("aws:media", given.clock)
      for asked in 1...5 {
        try await probe(given.store, given.clock) { try await given.run($0) }
        #expect(try await given.store.exchanges(saying: "connect, not sent") == asked)
        #expect(try await given.store.leaseAll(Self.slots, at: given.clock.now()).isEmpty)
        try await given.attempt()
      }
    }
  }

  @Test("a job that ends before it asked anybody opens nothing, and leaves the probe to the next")
  func nobodyAsked() async throws {
    try await Given.standIns { given in
      var given = given
      given.clients.pushKeys["push"] = { throw MissingConnection(kind: .pushCredential, name: "push", known: []) }
      for number in 1...3 { _ = try await given.enqueue(Self.entry(number)) }
      try await given.store.halfOpen("engine:fra1", given.clock)
      for _ in 1...3 {
        try await probe(given.store, given.clock) { try await given.run($0) }
        #expect(try await given.store.gate("engine:fra1").gate.state == .halfOpen)
      }
      #expect(try await given.store.jobs(JobQuery(states: [.held])).count == 3)
    }
  }

  @Test("an engine that takes connections and hangs up is an outage to a probe: another job is the next one")
  func hangsUp() async throws {
    try await Given.standIns { given in
      try await given.fault(#"{"listener":"engine fra1","kind":"cutBeforeEffect","method":"GET"}"#)
      for number in 1...3 { _ = try await given.enqueue(Self.entry(number)) }
      try await given.store.halfOpen("engine:fra1", given.clock)
      for asked in 1...3 {
        try await probe(given.store, given.clock) { try await given.run($0) }
        #expect(try await given.store.exchanges(saying: "connection-lost") == asked)
        let gate = try await given.store.gate("engine:fra1").gate
        #expect(gate.state == .closed && gate.closures == asked + 1)
        given.clock.advance(by: .seconds(60))
        _ = try await given.store.promoteDue(at: given.clock.now(), limit: 10)
      }
      #expect(try await given.store.jobs(JobQuery()).allSatisfy { $0.failures == 0 })
    }
  }

  @Test("a probe that reads an answer and then waits opens the gate")
  func readsAndWaits() async throws {
    try await Given.standIns { given in
      try await given.asset(#"{"id":"talk-1","completeAfterSeconds":25}"#)
      let id = try await given.enqueue(RestreamTests.parameters)
      try await given.store.halfOpen("wowza-video:main", given.clock)
      #expect(try await given.attempt())
      #expect(try await given.job(id).state == .scheduled)
      #expect(try await given.store.gate("wowza-video:main").gate.state == .open)
    }
  }

  @Test("a probe that is refused for its own sake opens the gate; one that is refused for everybody's closes it")
  func refused() async throws {
    try await Given.standIns { given in
      var parameters = Self.entry(1)
      parameters.application = "nowhere"
      let id = try await given.enqueue(parameters)
      try await given.store.halfOpen("engine:fra1", given.clock)
      #expect(try await given.attempt())
      #expect(try await given.job(id).state == .dead)
      #expect(try await given.store.gate("engine:fra1").gate.state == .open)
      try await given.fault(#"{"listener":"engine fra1","kind":"unauthorized"}"#)
      _ = try await given.enqueue(Self.entry(2))
      try await given.store.halfOpen("engine:fra1", given.clock)
      #expect(try await given.attempt())
      #expect(try await given.store.gate("engine:fra1").gate.state == .closed)
    }
  }

  @Test("the source of the credentials may be well while nobody is reached with them")
  func credentials() async throws {
    try await Given.standIns { given in
      let source = HTTPRequest(method: "GET", url: "http://127.0.0.1:\(given.standIns.ports.control)/counts")
      let transport = given.transport
      try await UnansweredPort.refuses.hold { port in
        let storage = StorageGiven(
          transport: transport, clock: given.clock,
          credentials: ClosureCredentialProvider {
            _ = try await transport.send(source)
            return StorageGiven.credentials
          },
          endpoint: { _ in .own("http://127.0.0.1:\(port)") })
        let file = try UploadRecordingFile(size: 9, suffix: ".mp4")
        let attemptNotes = AttemptNotes()
        _ = try await storage.enqueue(
          UploadRecording(connection: "media", file: file.path, bucket: "vod", key: "m"))
        let leased = try #require(try await storage.store.leaseAll(1, at: given.clock.now()).first)
        let entry = try #require(storage.registry[leased.job.kind])
        let context = JobContext(job: leased, store: storage.store, clock: given.clock, attemptNotes: attemptNotes)
        await #expect(throws: ProviderError.self) {
          try await ExchangeNotes.told(in: context) { try await entry.run(context) }
        }
        let story = attemptNotes.take().map(\.text)
        #expect(story.contains { $0.contains("→ 200") } && story.contains { $0.contains("connect, not sent") })
        #expect(!attemptNotes.signs.hasAnswer)
        withExtendedLifetime(file) {}
      }
    }
  }

  @Test("what came counts by whose answer it is, whatever its status; the newest one counts")
  func judgements() async throws {
    let store = InMemoryJobStore()
    let clock = VirtualClock()
    _ = try await JobQueue(store: store, clock: clock).enqueue(Self.entry(1))
    let leased = try #require(try await store.leaseAll(1, at: clock.now()).first)
    let attemptNotes = AttemptNotes()
    let context = JobContext(job: leased, store: store, clock: clock, attemptNotes: attemptNotes)
    @Sendable func error(_ status: Int?, isFromProvider: Bool = true, _ delivery: Delivery = .refused) -> ProviderError
    {
      var error = ProviderError(
        provider: "wowza-engine", operation: "GET", target: "x", status: status, message: "no", delivery: delivery)
      error.isFromProvider = isFromProvider
      return error
    }
    let heard: [(ProviderError?, Bool)] = [
      (nil, true), (error(404), true), (error(413, isFromProvider: false), false), (error(409), true),
      (error(500), false), (error(400), true), (error(401), false), (nil, true), (error(nil, .unknown), false),
    ]
    for (error, isAnAnswer) in heard {
      try await ExchangeNotes.told(in: context) { AnswerJudgement.observer?(error) }
      #expect(attemptNotes.signs.hasAnswer == isAnAnswer, "\(error as Any)")
    }
    try await ExchangeNotes.told(in: context) {
      AnswerJudgement.observer?(nil)
      // Neither what was not sent nor what was asked for credentials says anything.
      AnswerJudgement.observer?(error(nil, .notSent))
      HTTPExchange.$fetchesCredentials.withValue(true) { AnswerJudgement.observer?(error(500)) }
    }
    #expect(attemptNotes.signs.hasAnswer)
  }

  @Test("a refusal is an answer, but one that closes the gate, one of a gateway and one of the unknown are not")
  func errors() {
    func error(_ status: Int?, _ code: String?, _ delivery: Delivery = .refused) -> ProviderError {
      ProviderError(
        provider: "s3", operation: "PutObject", target: "vod/m", status: status, code: code, message: "no",
        delivery: delivery)
    }
    #expect(error(403, "AccessDenied").isAnAnswer)
    #expect(error(400, "BadDigest").isAnAnswer)
    #expect(!error(400, "ExpiredToken").isAnAnswer)
    #expect(!error(503, "SlowDown").isAnAnswer)
    #expect(!error(500, "InternalError").isAnAnswer)
    #expect(!error(nil, "connection-lost", .unknown).isAnAnswer)
    #expect(!error(400, "InvalidClientTokenId", .notSent).isAnAnswer)
  }

  private static func entry(_ number: Int) -> CreateMapEntry {
    var parameters = MapEntryTests.single
    parameters.entryName = "cam-\(number)"
    return parameters
  }
}

extension InMemoryJobStore {
  /// Lets one job through a gate: a person closed it, and its time is over.
  fileprivate func halfOpen(_ key: String, _ clock: VirtualClock) async throws {
    try await closeGate(key, until: clock.now() + .seconds(1), reason: "maintenance", at: clock.now())
    clock.advance(by: .seconds(1))
    _ = try await promoteDue(at: clock.now(), limit: 100)
    #expect(try await gate(key).gate.state == .halfOpen)
  }

  fileprivate func gate(_ key: String) async throws -> GateStatus {
    try #require(try await gates().first { $0.gate.key == key })
  }

  /// Leases what a worker with so many slots would get, with room for each at its engine.
  fileprivate func leaseAll(_ count: Int, at now: Timestamp) async throws -> [LeasedJob] {
    let limits = Set(JobKinds.streaming.all.map(\.queue)).sorted().map {
      LeaseRequest.QueueLimit(queue: $0, count: count)
    }
    let request = LeaseRequest(owner: WorkerID("worker"), limits: limits, concurrency: ["engine:fra1": count])
    return try await lease(request, at: now)
  }

  /// How many exchanges of all jobs ended like this.
  fileprivate func exchanges(saying words: String) async throws -> Int {
    var count = 0
    for job in try await jobs(JobQuery()) {
      for attempt in try await attempts(of: job.id) { count += attempt.notes.count { $0.text.contains(words) } }
    }
    return count
  }
}
