import FoundationEssentials
import HTTPTransport
import JobQueue
import JobQueueTestKit
import JobWorker
import Secrets
import StreamingJobs
import TestServers
import Testing
import Threading
import WowzaVideoClient

@Suite("Starts and stops of two occurrences, interleaved by chance", .timeLimit(.minutes(30)))
struct StopInterleavingTests {
  private static let isExhaustive = ProcessInfo.processInfo.environment["RUNDOWN_EXHAUSTIVE"] == "1"
  static let seeds: ClosedRange<UInt64> = isExhaustive ? 1...1000 : 1...40

  @Test(
    "no stream is on air once its stop is done, none of anybody else's is stopped, and no start begins after its stop",
    arguments: seeds)
  func interleaved(seed: UInt64) async throws {
    let random = JobQueueTestKit.SeededRandom(seed: seed)
    try await Given.standIns({
      $0.videoSettings.startDelay = Double(random.below(40))
      $0.videoSettings.stopDelay = Double(random.below(20))
      $0.videoSettings.stateLag = Double(random.below(3) * 10)
      $0.videoSettings.earlyStop = random.chance(1, in: 2) ? .refused : .accepted
    }) { given in
      let show = try await Show(given, random)
      try await show.play()
      try await show.expectQuiet("seed \(seed)")
      // Whatever a person does to the starts now, nothing comes on air any more.
      try await show.retryStarts()
      try await show.settle()
      try await show.expectQuiet("seed \(seed), after a retry")
    }
  }
}

/// Two occurrences of one asset, each with a start and a stop, beside a stream that somebody else started.
private final class Show: FaultInjector {
  private let given: Given
  private let random: JobQueueTestKit.SeededRandom
  private let foreign: String
  private let state = MutexBox(State())

  private struct State {
    var depth = 0
    var workers = 0
    var starts: [JobID] = []
    var stops: [JobID] = []
  }

  private static let occurrences = ["early", "late"]

  init(_ given: Given, _ random: JobQueueTestKit.SeededRandom) async throws {
    try await given.asset(#"{"id":"talk-1"}"#)
    let account = try await given.clients.wowzaVideo("main")
    foreign = try await account.restream(asset: "talk-1").id
    _ = try await account.startLiveStream(foreign)
    given.clock.advance(by: .seconds(120))
    var given = given
    let hook = HookedTransport(base: given.transport)
    let clock = given.clock
    given.clients.accounts["main"] = WowzaVideoClient(
      baseURL: "http://127.0.0.1:\(given.standIns.ports.video)", version: try #require(WowzaVideoVersion("v1.11")),
      credentials: { .bearer(Secret(Given.token)) }, transport: hook, now: { clock.now().milliseconds / 1000 })
    self.given = given
    self.random = random
    hook.body.withLock { $0 = { [weak self] in try await self?.perhapsSomethingElse() } }
  }

  /// Enqueues all four jobs in any order, with other things in between, and runs until none is left.
  func play() async throws {
    var left = Self.occurrences.flatMap { [($0, true), ($0, false)] }
    while !left.isEmpty {
      let (occurrence, isStart) = left.remove(at: random.below(left.count))
      if isStart {
        let id = try await given.enqueue(
          RestreamAsset(connection: "main", assetID: "talk-1", occurrence: occurrence))
        state.withLock { $0.starts.append(id) }
      } else {
        let id = try await given.enqueue(StopLiveStream(connection: "main", occurrence: occurrence))
        state.withLock { $0.stops.append(id) }
      }
      for _ in 0..<random.below(8) { try await step() }
    }
    try await settle()
  }

  /// Runs until every job is finished.
  func settle() async throws {
    for _ in 0..<2000 {
      let jobs = try await given.store.jobs(JobQuery(kinds: [RestreamAsset.kind, StopLiveStream.kind]))
      if jobs.allSatisfy(\.state.isFinished) { return }
      let held = jobs.filter { $0.state == .held }.map(\.id)
      if !held.isEmpty { _ = try await given.store.retry(held, at: given.clock.now()) }
      try await step()
    }
    throw Given.Endless()
  }

  func retryStarts() async throws {
    _ = try await given.store.retry(state.withLock { $0.starts }, at: given.clock.now())
  }

  func expectQuiet(_ what: String) async throws {
    // What was sent takes effect at once here, and what lags has caught up by then.
    given.clock.advance(by: .seconds(300))
    try await given.standIns.sendTime()
    let streams = try await given.elements("liveStreams")
    let onAir = streams.filter { $0["state"]?.string != "stopped" }.compactMap { $0["id"]?.string }
    #expect(onAir == [foreign], "\(what)")
    let others = streams.first(where: { $0["id"]?.string == foreign })
    #expect(others?["stops"] == 0, "\(what)")
    let stops = state.withLock { $0.stops }
    for id in stops {
      let job = try await given.job(id)
      #expect(job.state == .completed, "\(what): stop \(id) is \(job.state)")
    }
  }

  // MARK: What happens

  private func step() async throws {
    if random.chance(1, in: 12) { try await disturb() }
    if try await attempt() { return }
    guard try await given.store.nextDue() != nil else { return }
    try await given.passUntilDue()
  }

  /// What the other side, or a person, does.
  private func disturb() async throws {
    let faults = [
      #"{"listener":"video","kind":"cutAfterEffect","method":"PUT","count":1}"#,
      #"{"listener":"video","kind":"cutBeforeEffect","method":"PUT","count":1}"#,
      #"{"listener":"video","kind":"cutAfterEffect","method":"POST","count":1}"#,
      #"{"listener":"video","kind":"cutBeforeEffect","method":"POST","count":1}"#,
      #"{"listener":"video","kind":"status","status":503,"count":1}"#,
    ]
    let choice = random.below(faults.count + 2)
    if choice < faults.count { return try await given.fault(faults[choice]) }
    let starts = state.withLock { $0.starts }
    guard !starts.isEmpty else { return }
    let start = starts[random.below(starts.count)]
    if choice == faults.count {
      _ = try await given.store.cancel([start], why: "by chance", at: given.clock.now())
    } else {
      _ = try await given.store.retry([start], at: given.clock.now())
    }
  }

  @discardableResult
  private func attempt() async throws -> Bool {
    let number = state.withLock { state in
      state.workers += 1
      return state.workers
    }
    let owner = WorkerID("worker-\(number)")
    let request = LeaseRequest(
      owner: owner, limits: [LeaseRequest.QueueLimit(queue: RestreamAsset.queue, count: 1)])
    guard let leased = try await given.store.lease(request, at: given.clock.now()).first else { return false }
    let runner = AttemptRunner(
      store: given.store, registry: JobKinds.streaming.registry(clients: given.clients, queue: given.store),
      clock: given.clock, random: random, faults: self,
      around: { context, run in try await ExchangeNotes.told(in: context, run) })
    do {
      guard let completion = try await runner.run(leased) else { return true }
      _ = try await given.store.complete([completion], at: given.clock.now())
    } catch is SimulatedCrash {
      _ = try await given.store.reap(gone: [owner], crashLimit: 100, limit: 10, at: given.clock.now())
    }
    return true
  }

  func reached(_ point: FaultPoint) async throws {
    if random.chance(1, in: 25) { throw SimulatedCrash(at: point) }
    try await perhapsSomethingElse()
  }

  /// Another worker's attempt, or time, in the middle of an attempt.
  private func perhapsSomethingElse() async throws {
    guard random.chance(1, in: 5) else { return }
    let isFree = state.withLock { state in
      guard state.depth < 2 else { return false }
      state.depth += 1
      return true
    }
    guard isFree else { return }
    defer { state.withLock { $0.depth -= 1 } }
    if random.chance(1, in: 3) {
      given.clock.advance(by: .milliseconds(random.below(8000)))
      _ = try await given.store.promoteDue(at: given.clock.now(), limit: 10)
    }
    for _ in 0...random.below(3) { try await attempt() }
  }
}

/// Does something else right before and right after each request that changes something.
private final class HookedTransport: HTTPTransport {
  let body = MutexBox<(@Sendable () async throws -> Void)?>(nil)
  private let base: any HTTPTransport

  init(base: any HTTPTransport) { self.base = base }

  func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
    guard request.method != "GET" else { return try await base.send(request) }
    await somethingElse()
    let response = try await base.send(request)
    await somethingElse()
    return response
  }

  private func somethingElse() async {
    do {
      try await body.withLock { $0 }?()
    } catch {
      Issue.record(error)
    }
  }
}
