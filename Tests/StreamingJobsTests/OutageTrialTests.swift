import HTTPTransport
import JobQueue
import JobQueueTestKit
import SQLiteJobStore
import StreamingJobs
import TestServers
import Testing
import Threading

@Suite("An outage costs no job an attempt, whatever it looks like", .timeLimit(.minutes(20)))
struct OutageTrialTests {
  /// What a gateway says in the provider's place.
  struct Page: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var text: String
    var onlyWrites = false
    var jobs = 12

    static let html = ["Content-Type: text/html"]
    static let all = [
      Page(
        testDescription: "502 page", text: AnswerServer.answer(502, headers: html, body: "<html>Bad</html>"), jobs: 60),
      Page(
        testDescription: "502 page to writes", text: AnswerServer.answer(502, headers: html, body: "<html>Bad</html>"),
        onlyWrites: true, jobs: 20),
      Page(testDescription: "403 page", text: AnswerServer.answer(403, headers: html, body: "<html>No</html>")),
      Page(testDescription: "404 page", text: AnswerServer.answer(404, headers: html, body: "<html>No</html>")),
      Page(testDescription: "503 page", text: AnswerServer.answer(503, headers: html, body: "<html>No</html>")),
      Page(
        testDescription: "302 to a portal",
        text: AnswerServer.answer(302, headers: ["Location: http://portal.invalid/"])),
      Page(testDescription: "200 portal", text: AnswerServer.answer(200, headers: html, body: "<html>Log in</html>")),
      Page(testDescription: "200 without a body", text: AnswerServer.answer(200)),
      Page(testDescription: "204", text: "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"),
      Page(
        testDescription: "204 to writes", text: "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n",
        onlyWrites: true),
      Page(
        testDescription: "JSON of a gateway",
        text: AnswerServer.answer(404, headers: ["Content-Type: application/json"], body: #"{"message":"no Route"}"#)),
      Page(
        testDescription: "200 with JSON of a portal",
        text: AnswerServer.answer(200, headers: ["Content-Type: application/json"], body: #"{"success":"portal"}"#)),
    ]
  }

  // time | jobs                                       | gateway
  // -----+--------------------------------------------+---------------------
  //      | one asks; the gate closes, nothing counted | answers a page
  //  5 s | another one is the probe                   | answers a page
  // 15 s | another one is the probe                   | passes on
  //      | all others                                 | passes on
  @Test(
    "behind a gateway that answers in the engine's place for a while all are made, and no failure is counted",
    arguments: Page.all)
  func gateway(page: Page) async throws {
    let server = try AnswerServer(page.text)
    defer { server.stop() }
    try await OutageTrial.open { trial in
      let port = server.port
      trial.road.lead { !page.onlyWrites || !$0.isRead ? port : nil }
      for number in 1...page.jobs { try await trial.enqueue("cam-\(number)") }
      let met = MutexBox(Set<JobID>())
      try await trial.work { [road = trial.road] end in
        guard end.isOutage else { return }
        let count = met.withLock { met in
          met.insert(end.job.id)
          return met.count
        }
        // Those that were on their way when the gate closed, and two probes at least.
        if count >= 10 || road.led > page.jobs { road.mend() }
        if try await trial.gate()?.closures ?? 0 >= 3 { road.mend() }
      }
      let jobs = try await trial.jobs()
      #expect(jobs.count == page.jobs && jobs.allSatisfy { $0.state == .completed })
      #expect(jobs.filter { $0.failures > 0 }.map(\.lastFailure) == [])
      #expect(met.withLock { $0.count } > 1)
      #expect(try await trial.gate()?.state == .open)
    }
  }

  @Test(
    "behind a host that takes connections and never answers the gate closes, and each job counts one failure at most")
  func hanging() async throws {
    try await UnansweredPort.silent.hold { port in
      try await OutageTrial.open { trial in
        trial.road.lead(timeout: .milliseconds(100)) { _ in port }
        for number in 1...12 { try await trial.enqueue("cam-\(number)") }
        try await trial.work { [road = trial.road] end in
          if end.isOutage, try await trial.gate()?.closures ?? 0 >= 3 { road.mend() }
        }
        let jobs = try await trial.jobs()
        #expect(jobs.count == 12 && jobs.allSatisfy { $0.state == .completed && $0.failures <= 1 })
        #expect(try await trial.gate()?.closedAt != nil)
        #expect(try await trial.gate()?.state == .open)
      }
    }
  }

  /// What one job alone is answered, each time.
  enum Refusal: String, Sendable {
    case ownError = "the engine's own 500"
    case busyGateway = "a gateway's 503"
    case throttlingGateway = "a gateway's 429"
    case firewall = "a firewall's 403 page"
    case unauthorized = "the engine's own 403"

    var text: String {
      let html = ["Content-Type: text/html"]
      func own(_ status: Int) -> String {
        AnswerServer.answer(
          status, headers: ["Content-Type: application/json"],
          body: #"{"success":false,"code":"\#(status)","message":"cannot","wowzaServer":"4.8.27"}"#)
      }
      return switch self {
      case .ownError: own(500)
      case .busyGateway: AnswerServer.answer(503, headers: html, body: "<html>Busy</html>")
      case .throttlingGateway: AnswerServer.answer(429, headers: html, body: "<html>Slow down</html>")
      case .firewall: AnswerServer.answer(403, headers: html, body: "<html>Request blocked</html>")
      case .unauthorized: own(403)
      }
    }
  }

  @Test(
    "what one job alone is answered is its own failure: it dies of it, the others are made, and the gate opens",
    arguments: [Refusal.ownError, .firewall, .unauthorized])
  func ownFailure(refusal: Refusal) async throws {
    try await dies(of: refusal, count: 1)
  }

  // time | bad-1 to bad-4                             | cam-1 and on | somebody on the way
  // -----+--------------------------------------------+--------------+----------------------------
  //      | one asks; the gate closes                  |              | 429 for the bad ones
  //  1 s |                                            | the probe    | passes on
  //      | each waits alone, ever longer              | all are made | 429 for the bad ones
  //      | all are made                               |              | passes on
  @Test(
    "who asks some jobs for a slower pace, or is not there for them, costs them nothing, though others pass",
    arguments: [429, 503])
  func momentary(status: Int) async throws {
    let server = try AnswerServer(
      AnswerServer.answer(status, headers: ["Content-Type: application/json"], body: #"{"message":"Not now"}"#))
    defer { server.stop() }
    try await OutageTrial.open { trial in
      let port = server.port
      trial.road.lead { !$0.isRead && $0.url.contains("/bad-") ? port : nil }
      for number in 1...4 { try await trial.enqueue("bad-\(number)", maxAttempts: 2, priority: 9) }
      for number in 1...8 { try await trial.enqueue("cam-\(number)") }
      let ends = MutexBox(0)
      // Others come along all the time.
      try await trial.work { [road = trial.road] end in
        guard end.job.priority > 0, end.state != .completed else { return }
        let number = ends.withLock { ends in
          ends += 1
          return ends
        }
        if road.led >= 24 { road.mend() }
        try await trial.enqueue("more-\(number)")
      }
      let jobs = try await trial.jobs()
      #expect(jobs.allSatisfy { $0.state == .completed && $0.failures == 0 }, "\(jobs.map(\.failures))")
      #expect(trial.road.led >= 24)
      #expect(try await trial.gate()?.state == .open)
    }
  }

  // Each request of every job is answered by a page twice, and passed on from then on: what a gateway does that has lost
  // one of its backends, in the order that is worst for the jobs.
  @Test("pages that come now for this request of a job and now for that one cost it nothing, though others pass")
  func byChance() async throws {
    let server = try AnswerServer(AnswerServer.answer(502, headers: Page.html, body: "<html>Bad Gateway</html>"))
    defer { server.stop() }
    try await OutageTrial.open { trial in
      let port = server.port
      let asked = MutexBox<[String: Int]>([:])
      trial.road.lead { request in
        let times = asked.withLock { asked in
          let what = request.method + request.url
          asked[what, default: 0] += 1
          return asked[what, default: 0]
        }
        return times <= 2 ? port : nil
      }
      for number in 1...20 { try await trial.enqueue("cam-\(number)", maxAttempts: 2) }
      try await trial.work()
      let jobs = try await trial.jobs()
      #expect(
        jobs.count == 20 && jobs.allSatisfy { $0.state == .completed && $0.failures == 0 }, "\(jobs.map(\.failures))")
      #expect(trial.road.led >= 20 * 4)
      #expect(try await trial.gate()?.state == .open)
    }
  }

  // 8 meet the page at once, the others as probes: 1, 2, 4, 8 and the last of them, after which another gets through.
  @Test("many jobs that are refused so, first in line, do not keep the others waiting")
  func several() async throws {
    try await dies(of: .firewall, count: 24, mostClosures: 5)
  }

  private func dies(of refusal: Refusal, count: Int, mostClosures: Int = .max) async throws {
    let server = try AnswerServer(refusal.text)
    defer { server.stop() }
    try await OutageTrial.open { trial in
      let port = server.port
      trial.road.lead { !$0.isRead && $0.url.contains("/bad-") ? port : nil }
      for number in 1...count { try await trial.enqueue("bad-\(number)", maxAttempts: 4, priority: 9) }
      for number in 1...8 { try await trial.enqueue("cam-\(number)") }
      let more = MutexBox(0)
      let closures = MutexBox(0)
      // Others come along all the time.
      try await trial.work { end in
        if end.isOutage {
          let told = try await trial.gate()?.closures ?? 0
          closures.withLock { $0 = max($0, told) }
        }
        guard end.job.priority > 0, end.state != .dead else { return }
        let number = more.withLock { more in
          more += 1
          return more
        }
        try await trial.enqueue("more-\(number)")
      }
      let jobs = try await trial.jobs()
      let (bad, good) = (jobs.filter { $0.priority > 0 }, jobs.filter { $0.priority == 0 })
      #expect(bad.count == count && bad.allSatisfy { $0.state == .dead && $0.failures == 4 })
      #expect(good.allSatisfy { $0.state == .completed && $0.failures == 0 })
      #expect(good.count == 8 + more.withLock { $0 })
      #expect(closures.withLock { $0 } <= mostClosures)
      #expect(try await trial.gate()?.state ?? .open == .open)
    }
  }

  // time | 12 restreams                               | 40 stream targets         | gateway
  // -----+--------------------------------------------+---------------------------+---------------------------
  //      | 8 ask; the gate closes, nothing is counted |                           | a page for their paths only
  //  5 s |                                            | one is the probe: done    | passes on all other paths
  //      | each is answered so again, by itself       | all are done              |
  @Test("pages that come for some paths only close the gate once, and the jobs of all other paths are done")
  func somePaths() async throws {
    let server = try AnswerServer(AnswerServer.answer(502, headers: Page.html, body: "<html>Bad Gateway</html>"))
    defer { server.stop() }
    try await OutageTrial.open { trial in
      let port = server.port
      trial.road.lead { $0.url.contains("/stream_targets") ? nil : port }
      for number in 1...12 { try await trial.enqueue(RestreamAsset(connection: "main", assetID: "talk-\(number)")) }
      for number in 1...40 {
        var target = FastlyTargetTests.parameters
        target.bucket = "example-\(number)"
        try await trial.enqueue(target)
      }
      let closed = MutexBox(Set<Timestamp>())
      let most = MutexBox(0)
      let made = MutexBox(0)
      try await trial.work { [road = trial.road] end in
        if let gate = try await trial.gate("wowza-video:main"), made.withLock({ $0 }) < 40 {
          if let moment = gate.closedAt { closed.withLock { _ = $0.insert(moment) } }
          most.withLock { $0 = max($0, gate.closures) }
        }
        guard end.job.kind == CreateFastlyTarget.kind, end.state == .completed else { return }
        let count = made.withLock { made in
          made += 1
          return made
        }
        // Then the restreams are told that there is no such asset.
        if count == 40 { road.mend() }
      }
      let targets = try await trial.jobs().filter { $0.kind == CreateFastlyTarget.kind }
      #expect(targets.count == 40 && targets.allSatisfy { $0.state == .completed && $0.failures == 0 })
      #expect(closed.withLock { $0.count } == 1)
      #expect(most.withLock { $0 } == 1)
    }
  }

  @Test(
    "a job that is alone behind its gate is probed at growing intervals, and nothing is counted meanwhile",
    arguments: [
      (Refusal.ownError, [5, 10, 20, 40, 60]), (.firewall, [5, 10, 20, 40, 60]), (.busyGateway, [1, 2, 4, 8, 16]),
      (.throttlingGateway, [1, 2, 4, 8, 16]),
    ])
  func alone(refusal: Refusal, waits: [Int]) async throws {
    let server = try AnswerServer(refusal.text)
    defer { server.stop() }
    try await OutageTrial.open { trial in
      let port = server.port
      trial.road.lead { $0.isRead ? nil : port }
      let id = try await trial.enqueue("bad-1")
      let outages = MutexBox(0)
      try await trial.work { [road = trial.road] end in
        guard end.isOutage else { return }
        let count = outages.withLock { outages in
          outages += 1
          return outages
        }
        if count == 5 { road.mend() }
      }
      let all = try await trial.store.attempts(of: id)
      // Between the first refusal of the creation and the next one, an attempt finds that its outcome is unknown, and comes
      // back once the engine has settled; that wait is not the gate's.
      let attempts = all.filter { $0.why?.contains("outcome unknown") != true }.suffix(6)
      #expect(
        attempts.dropLast().allSatisfy { $0.outcome == .snoozed } && attempts.last?.outcome == .completed,
        "\(all.map { "\($0.outcome as Any) \($0.why ?? "")" })")
      for ((earlier, later), wait) in zip(zip(attempts, attempts.dropFirst()), waits) {
        // From its begin, because a wait may be reckoned before the end is recorded, and this clock hurries.
        #expect(later.startedAt - earlier.startedAt >= .seconds(wait))
      }
      let job = try #require(try await trial.jobs().first)
      #expect(job.state == .completed && job.failures <= 1)
    }
  }

  @Test("pages of one provider's gateway and errors of another one's own cost 25 jobs one failure each at most")
  func twoProviders() async throws {
    let page = try AnswerServer(AnswerServer.answer(502, headers: Page.html, body: "<html>Bad Gateway</html>"))
    defer { page.stop() }
    let error = try AnswerServer(
      AnswerServer.answer(
        500, headers: ["Content-Type: application/json"],
        body: #"{"meta":{"status":500,"code":"ERR-500","title":"Error","message":"Internal"}}"#))
    defer { error.stop() }
    try await OutageTrial.open { trial in
      let (gateway, service) = (page.port, error.port)
      trial.road.lead { $0.url.contains("/v2/") ? gateway : service }
      for number in 1...20 { try await trial.enqueue("cam-\(number)") }
      for number in 1...5 {
        var target = FastlyTargetTests.parameters
        target.bucket = "example-\(number)"
        try await trial.enqueue(target)
      }
      try await trial.work { [road = trial.road] end in
        guard end.isOutage else { return }
        let closures = try await trial.store.gates().map(\.gate.closures)
        if closures.count == 2, closures.allSatisfy({ $0 >= 3 }) { road.mend() }
      }
      let jobs = try await trial.jobs()
      #expect(jobs.count == 25 && jobs.allSatisfy { $0.state == .completed && $0.failures <= 1 })
      #expect(jobs.filter { $0.gate == "engine:fra1" && $0.failures > 0 }.isEmpty)
      for key in ["engine:fra1", "wowza-video:main"] { #expect(try await trial.gate(key)?.state == .open) }
    }
  }
}
