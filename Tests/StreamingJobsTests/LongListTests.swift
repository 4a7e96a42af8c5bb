import HTTPTransport
import JobQueue
import JobQueueTestKit
import Secrets
import StreamingJobs
import TestServers
import Testing
import WowzaVideoClient

@Suite("Lists of an account, however long they are and however they are cut", .timeLimit(.minutes(20)))
struct LongListTests {
  /// What is listed; each page holds one record unless told otherwise.
  private enum List {
    /// So many pages; the last one holds the record that is looked for.
    case pages(Int)
    case endless
    /// Pages of so many records or more are larger than what is taken.
    case heavy(from: Int)
  }

  private static func number(_ name: String, in path: String) -> Int? {
    path.split { "?&".contains($0) }.first { $0.hasPrefix("\(name)=") }.flatMap { Int($0.dropFirst(name.count + 1)) }
  }

  /// Answers the lists of `kind`, and a single record of it, in the service's place.
  private static func answer(_ ask: Relay.Ask, _ kind: String, _ list: List, wanted: String) -> Relay.Answer? {
    let place = "/api/v1.11/\(kind == "stream_targets" ? "stream_targets" : kind)"
    guard ask.method == "GET", ask.path.hasPrefix(place) else { return nil }
    guard let page = number("page", in: ask.path), let perPage = number("per_page", in: ask.path) else {
      return .json(200, "{\"\(kind.dropLast())\":\(wanted)}")
    }
    func records(_ all: [String]) -> Relay.Answer { .json(200, "{\"\(kind)\":[\(all.joined(separator: ","))]}") }
    let other = #"{"id":"other-\#(page)","name":"other","created_at":"2020-01-10T10:00:00.000Z"}"#
    switch list {
    case .pages(let last): return records(page < last ? [other] : page == last ? [wanted] : [])
    case .endless: return records([other])
    case .heavy(let limit):
      guard perPage < limit else {
        // More than is taken of any answer.
        return records([#"{"id":"large","name":"\#(String(repeating: "x", count: 9 << 20))"}"#])
      }
      return records(page == 1 ? [wanted] : [])
    }
  }

  /// Runs `body` with an account whose lists of a kind, and nothing else, are made up.
  private func listing(
    _ kind: String, _ list: List, wanted: String, body: (Given) async throws -> Void
  ) async throws {
    try await Given.standIns { given in
      let relay = try Relay(
        to: try #require(UInt16(exactly: given.standIns.ports.video)),
        withhold: { Self.answer($0, kind, list, wanted: wanted) })
      defer { relay.stop() }
      let transport = CurlTransport(configuration: .init(proxy: .none))
      defer { transport.shutdown() }
      let clock = given.clock
      var given = given
      given.clients.accounts["main"] = WowzaVideoClient(
        baseURL: "http://127.0.0.1:\(relay.port)", version: try #require(WowzaVideoVersion("v1.11")),
        credentials: { .bearer(Secret(Given.token)) }, transport: transport, now: { clock.now().milliseconds / 1000 })
      try await body(given)
    }
  }

  private static let target =
    #"{"id":"t-1","name":"cdn-example-live","custom_origin_url":"https://example-live.s3.eu-central-1.amazonaws.com","custom_origin_region":"eu"}"#
  private static let asset = #"{"id":"talk-1","name":"The talk","state":"completed"}"#
  private static let byName = RestreamAsset(connection: "main", assetName: "The talk", start: false)

  @Test("a target on the three hundredth page is found, and no second one is made")
  func manyPages() async throws {
    try await listing("stream_targets", .pages(300), wanted: Self.target) { given in
      let result = try await given.outcome(of: FastlyTargetTests.parameters).output(FastlyTargetResult.self)
      #expect(result.id == "t-1" && !result.created)
      #expect(try await given.videoCount("createdTargets") == 0)
    }
  }

  @Test("more than a thousand pages of targets, assets or live streams hold the job with the reason, at no failure")
  func tooManyPages() async throws {
    try await listing("stream_targets", .endless, wanted: Self.target) { given in
      let job = try await given.outcome(of: FastlyTargetTests.parameters)
      #expect(job.state == .held && job.failures == 0, "\(job)")
      #expect(job.waitReason?.contains("more than 1000 pages") == true)
      #expect(try await given.videoCount("createdTargets") == 0)
    }
    try await listing("assets", .endless, wanted: Self.asset) { given in
      let job = try await given.outcome(of: Self.byName)
      #expect(job.state == .held && job.failures == 0, "\(job)")
      #expect(job.waitReason?.contains("more than 1000 pages") == true)
    }
    try await listing("live_streams", .endless, wanted: "{}") { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      try await given.loseAnswer()
      let job = try await given.outcome(of: RestreamTests.parameters)
      // The lost answer is the one failure.
      #expect(job.state == .held && job.failures == 1, "\(job)")
      #expect(job.waitReason?.contains("more than 1000 pages") == true)
      #expect(try await given.videoCount("createdLiveStreams") == 1)
    }
  }

  @Test("pages of more bytes than are taken are asked for in smaller ones", arguments: [1000, 100])
  func largePages(from limit: Int) async throws {
    try await listing("stream_targets", .heavy(from: limit), wanted: Self.target) { given in
      let result = try await given.outcome(of: FastlyTargetTests.parameters).output(FastlyTargetResult.self)
      #expect(result.id == "t-1" && !result.created)
    }
    try await listing("assets", .heavy(from: limit), wanted: Self.asset) { given in
      try await given.asset(#"{"id":"talk-1","name":"The talk"}"#)
      let job = try await given.outcome(of: Self.byName)
      #expect(try job.output(RestreamResult.self).assetID == "talk-1")
      #expect(job.failures == 0)
    }
  }

  @Test("where even a page of ten is larger than what is taken, the job is held with the reason, at no failure")
  func everyPageTooLarge() async throws {
    try await listing("stream_targets", .heavy(from: 0), wanted: Self.target) { given in
      let job = try await given.outcome(of: FastlyTargetTests.parameters)
      #expect(job.state == .held && job.failures == 0, "\(job)")
      #expect(job.waitReason?.contains("a page of 10 records is larger than 8 MiB") == true)
      #expect(try await given.videoCount("createdTargets") == 0)
    }
    try await listing("assets", .heavy(from: 0), wanted: Self.asset) { given in
      let job = try await given.outcome(of: Self.byName)
      #expect(job.state == .held && job.failures == 0, "\(job)")
    }
  }

  @Test(
    "an asset is found by its name on a later page, however the list is paged and told of", arguments: PagingReading.all
  )
  func assetOnLaterPage(reading: PagingReading) async throws {
    try await Given.standIns { given in
      for number in 1...4 { try await given.asset(#"{"id":"other-\#(number)","name":"Other \#(number)"}"#) }
      try await given.asset(#"{"id":"talk-1","name":"The talk"}"#)
      try await given.control("PATCH", "/settings/video", "{\(reading.settings)}")
      let result = try await given.outcome(of: Self.byName).output(RestreamResult.self)
      #expect(result.assetID == "talk-1")
      // And one that is not there is not found, which is known only at the end of the list.
      let missing = RestreamAsset(connection: "main", assetName: "No talk", start: false)
      #expect(try await given.outcome(of: missing).lastFailure?.code == "no-asset")
    }
  }

  @Test(
    "of which one page only is ever shown hold the job: nothing is missing, made or dead", arguments: PagingReading.cut)
  func onePageOnly(reading: PagingReading) async throws {
    try await Given.standIns { given in
      for number in 1...4 { try await given.asset(#"{"id":"other-\#(number)","name":"Other \#(number)"}"#) }
      try await given.asset(#"{"id":"talk-1","name":"The talk"}"#)
      let account = try await given.clients.wowzaVideo("main")
      for _ in 1...4 { _ = try await account.restream(asset: "other-1") }
      try await given.control("PATCH", "/settings/video", "{\(reading.settings)}")
      let named = try await given.outcome(of: Self.byName)
      #expect(named.state == .held && named.failures == 0, "\(named)")
      // The one that a lost answer made is behind the first page.
      try await given.loseAnswer()
      let lost = try await given.outcome(of: RestreamTests.parameters)
      #expect(lost.state == .held && lost.failures == 1, "\(lost)")
      for job in [named, lost] { #expect(job.waitReason?.contains("the list may be incomplete") == true) }
      #expect(try await given.liveStreamsMade(of: "talk-1") == 1)
    }
  }

  @Test("two assets of one name on different pages are seen both", arguments: PagingReading.all)
  func assetsOfOneName(reading: PagingReading) async throws {
    try await Given.standIns { given in
      for id in ["talk-1", "other-1", "other-2", "other-3", "talk-2"] {
        try await given.asset(#"{"id":"\#(id)","name":"\#(id.hasPrefix("talk") ? "The talk" : id)"}"#)
      }
      try await given.control("PATCH", "/settings/video", "{\(reading.settings)}")
      #expect(try await given.outcome(of: Self.byName).lastFailure?.code == "ambiguous")
    }
  }
}
