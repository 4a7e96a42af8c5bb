import JobQueue
import JobQueueTestKit
import StreamingJobs
import Synchronization
import TestServers
import Testing
import WowzaVideoClient

/// Removes two records in front of ours whenever the page before it has been read: it moves to that page, and a reading
/// that only goes on never meets it.
private final class Slide: Sendable {
  private struct State {
    var others: [String] = []
    var isAsked = false
    var isArmed = false
    var removals = 0
  }

  private let list: String
  private let records: String
  private let port: UInt16
  private let state = Mutex(State())

  /// - Parameters:
  ///   - list: the list that is read, in pages of two.
  ///   - records: where a record of the list is removed.
  init(_ list: String, records: String? = nil, port: UInt16) {
    self.list = "/api/v1.11/\(list)"
    self.records = "/api/v1.11/\(records ?? list)"
    self.port = port
  }

  var removals: Int { state.withLock { $0.removals } }

  /// From now on, or once something was asked for.
  func begin(_ others: [String], isAsked: Bool = false) {
    state.withLock { ($0.others, $0.isAsked) = (others, isAsked) }
  }

  func asks(_ ask: Relay.Ask) {
    if ask.method == "POST" { state.withLock { $0.isAsked = true } }
  }

  func answered(_ ask: Relay.Ask) {
    guard ask.method == "GET", ask.path.hasPrefix(list + "?page="),
      let page = Int(ask.path.dropFirst(list.count + 6).prefix { $0 != "&" })
    else { return }
    let gone = state.withLock { state -> [String] in
      if page == 1 { state.isArmed = state.isAsked }
      guard state.isArmed, state.others.count >= 4, page == state.others.count / 2 else { return [] }
      state.isArmed = false
      state.removals += 1
      defer { state.others.removeFirst(2) }
      return Array(state.others.prefix(2))
    }
    for id in gone {
      _ = LoopbackPort.exchange(
        port: port, method: "DELETE", path: "\(records)/\(id)", headers: ["Authorization: Bearer \(Given.token)"])
    }
  }
}

@Suite("Lists that lose a record in front of ours while they are read", .timeLimit(.minutes(20)))
struct SlidingListTests {
  static let paginations = ["noTotals", "missing", "ownPage", "full"]

  private func sliding(
    _ list: String, records: String? = nil, body: (Given, Slide) async throws -> Void
  ) async throws {
    try await Given.standIns { given in
      let port = try #require(UInt16(exactly: given.standIns.ports.video))
      let slide = Slide(list, records: records, port: port)
      let relay = try Relay(
        to: port,
        withhold: { ask in
          slide.asks(ask)
          return nil
        },
        { ask, answer in
          slide.answered(ask)
          return answer
        })
      defer { relay.stop() }
      try await body(try given.led(through: relay, relay), slide)
    }
  }

  private static func makeTargets(_ count: Int, _ given: Given) async throws -> [String] {
    let account = try await given.clients.wowzaVideo("main")
    var ids: [String] = []
    for number in 1...count {
      let target = NewStreamTarget(
        name: "other-\(number)", originURL: "https://o\(number).example.com", originRegion: "eu")
      ids.append(try await account.createStreamTarget(target).id)
    }
    return ids
  }

  // worker                            somebody
  // POST                              the answer is lost
  // reads page after page
  //                                   removes two others: ours is on a page that was read
  // reads the last one: nothing; goes back, and finds it
  @Test("after a lost answer lead to no second target", arguments: paginations)
  func target(pagination: String) async throws {
    try await sliding("stream_targets/fastly") { given, slide in
      let others = try await Self.makeTargets(24, given)
      try await given.control("PATCH", "/settings/video", #"{"mostPerPage":2,"pagination":"\#(pagination)"}"#)
      try await given.loseAnswer()
      slide.begin(others)
      let result = try await given.outcome(of: FastlyTargetTests.parameters).output(FastlyTargetResult.self)
      #expect(!result.created && slide.removals > 0)
      #expect(try await given.videoCount("createdTargets") == 25)
    }
  }

  @Test("before anything was asked for hide no target that is there", arguments: paginations)
  func presentTarget(pagination: String) async throws {
    try await sliding("stream_targets/fastly") { given, slide in
      let others = try await Self.makeTargets(8, given)
      let made = try await given.outcome(of: FastlyTargetTests.parameters).output(FastlyTargetResult.self)
      try await given.control("PATCH", "/settings/video", #"{"mostPerPage":2,"pagination":"\#(pagination)"}"#)
      slide.begin(others, isAsked: true)
      let again = try await given.outcome(of: FastlyTargetTests.parameters).output(FastlyTargetResult.self)
      #expect(again.id == made.id && !again.created && slide.removals > 0)
      #expect(try await given.videoCount("createdTargets") == 9)
    }
  }

  @Test("after a lost answer lead to no second live stream", arguments: paginations)
  func liveStream(pagination: String) async throws {
    try await sliding("live_streams", records: "assets") { given, slide in
      try await given.control("PATCH", "/settings/video", #"{"liveStreamLimit":100}"#)
      let account = try await given.clients.wowzaVideo("main")
      // A live stream goes with its asset.
      let others = (1...24).map { "other-\($0)" }
      for other in others {
        try await given.asset(#"{"id":"\#(other)"}"#)
        _ = try await account.restream(asset: other)
      }
      try await given.asset(#"{"id":"talk-1"}"#)
      try await given.control("PATCH", "/settings/video", #"{"mostPerPage":2,"pagination":"\#(pagination)"}"#)
      try await given.loseAnswer()
      slide.begin(others)
      let job = try await given.outcome(of: RestreamTests.parameters)
      let stream = try #require(try job.output(RestreamResult.self).liveStreamID)
      #expect(try await given.liveStreams(of: "talk-1") == [stream])
      #expect(slide.removals > 0)
      #expect(try await given.liveStreamsMade(of: "talk-1") == 1)
    }
  }

  @Test("hide no asset that is there", arguments: paginations)
  func asset(pagination: String) async throws {
    try await sliding("assets") { given, slide in
      let others = (1...4).map { "other-\($0)" }
      for other in others { try await given.asset(#"{"id":"\#(other)","name":"\#(other)"}"#) }
      try await given.asset(#"{"id":"talk-1","name":"The talk"}"#)
      try await given.control("PATCH", "/settings/video", #"{"mostPerPage":2,"pagination":"\#(pagination)"}"#)
      slide.begin(others, isAsked: true)
      let job = try await given.outcome(of: RestreamAsset(connection: "main", assetName: "The talk", start: false))
      #expect(try job.output(RestreamResult.self).assetID == "talk-1")
      #expect(slide.removals > 0)
    }
  }
}
