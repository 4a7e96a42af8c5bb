import AWSClient
import Foundation
import HTTPTransport
import JobQueue
import JobQueueTestKit
import TestServers
import Testing

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

  private static let large = 16 * UploadGiven.mebibyte + 9

  private func stored(_ status: Int, _ size: Int64, isPlain: Bool = false) async throws {
    // One look, one request; with parts: look, begin, five parts, completion, look.
    for passed in 0...(size == 9 ? 3 : 9) {
      for passesOn in Self.isExhaustive ? [false, true] : [passed.isMultiple(of: 2)] {
        let given = try UploadGiven(size: size, overSocket: true)
        await given.server.standBehind(
          UploadServer.Gateway(passed: passed, left: Self.pages, status: status, passesOn: passesOn, isPlain: isPlain))
        let job = try await given.storage.run(given.parameters)
        #expect(job.state == .completed && job.failures == 0, "\(passed), \(passesOn): \(job)")
        await given.expectStored()
        let isMet = await given.server.pagesLeft < Self.pages
        // A read that was answered in plain text may be asked again at once.
        if isMet, !isPlain { try await expectClosed(given.storage, job) }
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

  private func setUp(behind page: SocketServer.Answer) async throws {
    let everything = CreateBucketConfig(
      connection: "media", bucket: "vod", publicRead: true, corsOrigins: ["https://player.example"],
      tags: ["team": "live"])
    var (passed, isMet) = (0, true)
    // Until they begin only after the last request.
    while isMet {
      for passesOn in Self.isExhaustive ? [false, true] : [passed.isMultiple(of: 2)] {
        let bucket = BucketServer(
          ["publicAccessBlock": "<PublicAccessBlockConfiguration></PublicAccessBlockConfiguration>"], isThere: false)
        let socket = try bucket.listen()
        let storage = StorageGiven(
          transport: CurlTransport(configuration: .init(proxy: .none)),
          endpoint: { .own(socket.url, region: $0 ?? "us-east-1") })
        await bucket.answerInItsPlace(
          after: passed, times: Self.pages, page, passesOn: passesOn)
        let job = try await storage.run(everything)
        #expect(job.state == .completed && job.failures == 0, "\(passed), \(passesOn): \(job)")
        isMet = await bucket.pagesLeft < Self.pages
        if isMet, page.headers.contains(where: { $0.value == "text/html" }) { try await expectClosed(storage, job) }
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
