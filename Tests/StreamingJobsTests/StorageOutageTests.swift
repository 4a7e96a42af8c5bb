import AWSClient
import Foundation
import HTTPTransport
import JobQueue
import JobQueueTestKit
import TestServers
import Testing
import Threading

@testable import StreamingJobs

@Suite("Storage behind a gateway that answers in its place for a while", .timeLimit(.minutes(20)))
struct StorageOutageTests {
  private static let html = [(name: "Content-Type", value: "text/html")]
  private static let isExhaustive = ProcessInfo.processInfo.environment["RUNDOWN_EXHAUSTIVE"] == "1"
  private static let statuses = isExhaustive ? [200, 302, 403, 404, 405, 429, 500, 501, 502, 503] : [403, 502]
  private static let pages = 5

  // job                            gateway              server
  // asks, as often as it needs     passes on            answers
  // asks                           a page
  // (gate closed) asks             a page
  // asks                           passes on            answers
  @Test(
    "a recording is stored once, and no failure is counted, whenever the pages begin",
    arguments: statuses + [200, 404], isExhaustive ? [9, large] : [9])
  func upload(status: Int, size: Int64) async throws { try await stored(status, size) }

  @Test("a recording in parts is stored once, and no failure is counted, whenever the pages begin")
  func uploadInParts() async throws { try await stored(403, Self.large) }

  @Test(
    "a recording is stored once, and no failure is counted, whenever answers in plain text begin",
    arguments: [400, 403, 404])
  func uploadBehindText(status: Int) async throws { try await stored(status, 9, isPlain: true) }

  // moto, and Swift behind something that takes their ids away, give none: nothing tells such a server from a gateway
  // but what it says, and the gateway may be gone when the server is asked who it is.
  @Test(
    "of a server that gives no request ids a recording is stored once, and no failure is counted, whenever a gateway speaks",
    arguments: isExhaustive ? [200, 400, 403, 404, 500, 502, 503] : [200, 403, 404, 500], [1, 2, pages])
  func uploadWithoutNames(status: Int, pages: Int) async throws {
    for isPlain in [true, false] {
      try await stored(status, 9, isPlain: isPlain, pages: pages, manner: UploadServer.Manner(namesAnswers: false))
    }
  }

  @Test(
    "of a server that gives no request ids a bucket is set up, and no failure is counted, whenever a gateway speaks",
    arguments: isExhaustive ? [200, 400, 403, 404, 500, 502, 503] : [200, 403, 404], [1, 2, pages])
  func bucketWithoutNames(status: Int, pages: Int) async throws {
    for (type, body) in [("text/plain", "no healthy upstream"), ("text/html", "<html>Sorry</html>")]
    where Self.isExhaustive || (type == "text/plain") == (status == 404) {
      try await setUp(
        behind: .text(status, body, headers: [(name: "Content-Type", value: type)]), pages: pages, namesAnswers: false)
    }
  }

  private static let large = 16 * UploadGiven.mebibyte + 9

  private func stored(
    _ status: Int, _ size: Int64, isPlain: Bool = false, pages: Int = pages,
    manner: UploadServer.Manner = UploadServer.Manner()
  ) async throws {
    // One look, one request; with parts: look, begin, five parts, completion, look.
    for passed in 0...(size == 9 ? 3 : 9) {
      for passesOn in Self.isExhaustive ? [false, true] : [passed.isMultiple(of: 2)] {
        let given = try UploadGiven(size: size, overSocket: true, manner: manner)
        await given.server.standBehind(
          UploadServer.Gateway(passed: passed, left: pages, status: status, passesOn: passesOn, isPlain: isPlain))
        let job = try await given.storage.run(given.parameters)
        let story = try await given.storage.store.attempts(of: job.id).flatMap(\.notes).map(\.text)
        #expect(job.state == .completed && job.failures == 0, "\(passed), \(passesOn): \(job), \(story)")
        await given.expectStored()
        let isMet = await given.server.pagesLeft < pages
        // A read that was answered in plain text, or by a server that gives no ids, may be asked again at once.
        if isMet, !isPlain, manner.namesAnswers { try await expectClosed(given.storage, job) }
        // Once the page is gone nothing of it is left.
        #expect(try await given.storage.store.gates().allSatisfy { $0.gate.state == .open })
      }
    }
  }

  @Test("a bucket is set up, and no failure is counted, whenever the pages begin", arguments: statuses)
  func bucket(status: Int) async throws {
    try await setUp(behind: .text(status, "<html>Sorry</html>", headers: Self.html))
  }

  // A 404 in plain text is what says that a setting is not known, or not set, when the server itself says it.
  @Test(
    "a bucket is set up with all its settings, and no failure is counted, whenever answers in plain text begin",
    arguments: [400, 403, 404])
  func bucketBehindText(status: Int) async throws {
    try await setUp(
      behind: .text(status, "no healthy upstream", headers: [(name: "Content-Type", value: "text/plain")]))
  }

  @Test("behind a gateway that answers each request itself at first, each setting is written once and told as written")
  func bucketByChance() async throws {
    let bucket = BucketServer(isThere: false)
    let asked = MutexBox<Set<String>>([])
    let socket = try SocketServer { request in
      let isFirst = asked.withLock { $0.insert("\(request.method) \(request.target)").inserted }
      guard isFirst else { return await bucket.answer(to: request) }
      return SocketServer.Answer.text(502, "<html>Bad Gateway</html>", headers: Self.html)
    }
    let storage = StorageGiven(
      transport: CurlTransport(configuration: .init(proxy: .none)),
      endpoint: { .own(socket.url, region: $0 ?? "us-east-1") })
    let job = try await storage.run(
      CreateBucketConfig(connection: "media", bucket: "vod", publicRead: true, tags: ["team": "live"]))
    #expect(job.state == .completed && job.failures == 0, "\(job)")
    let result = try job.output(as: BucketConfigResult.self)
    #expect(result.created && result.changed == ["ownership", "cors", "lifecycle", "policy", "tags"], "\(result)")
    for setting in ["ownershipControls", "cors", "lifecycle", "policy", "tagging"] {
      #expect(await bucket.calls.count { $0 == "PUT \(setting)" } == 1, "\(setting)")
    }
  }

  private func setUp(
    behind page: SocketServer.Answer, pages: Int = pages, namesAnswers: Bool = true
  ) async throws {
    let everything = CreateBucketConfig(
      connection: "media", bucket: "vod", publicRead: true, corsOrigins: ["https://player.example"],
      tags: ["team": "live"])
    var (passed, isMet) = (0, true)
    // Until they begin only after the last request.
    while isMet {
      for passesOn in Self.isExhaustive ? [false, true] : [passed.isMultiple(of: 2)] {
        let bucket = BucketServer(
          ["publicAccessBlock": "<PublicAccessBlockConfiguration></PublicAccessBlockConfiguration>"], isThere: false,
          namesAnswers: namesAnswers)
        let socket = try bucket.listen()
        let storage = StorageGiven(
          transport: CurlTransport(configuration: .init(proxy: .none)),
          endpoint: { .own(socket.url, region: $0 ?? "us-east-1") })
        await bucket.answerInItsPlace(
          after: passed, times: pages, page, passesOn: passesOn)
        let job = try await storage.run(everything)
        #expect(job.state == .completed && job.failures == 0, "\(passed), \(passesOn): \(job)")
        isMet = await bucket.pagesLeft < pages
        if isMet, namesAnswers, page.headers.contains(where: { $0.value == "text/html" }) {
          try await expectClosed(storage, job)
        }
        for setting in ["ownershipControls", "publicAccessBlock", "policy", "cors", "tagging"] {
          #expect(await bucket.document(setting) != nil, "\(setting)")
        }
      }
      passed += 1
    }
    #expect(passed > 8)
  }

  /// The pages closed the gate, and the job's history says so.
  private func expectClosed(_ storage: StorageGiven, _ job: Job) async throws {
    let outcomes = try await storage.store.attempts(of: job.id).compactMap(\.outcome)
    #expect(outcomes.contains(.snoozed), "\(outcomes)")
  }
}
