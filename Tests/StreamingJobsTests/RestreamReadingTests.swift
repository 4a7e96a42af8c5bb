import JobQueue
import JobQueueTestKit
import StreamingJobs
import TestServers
import Testing
import WowzaVideoClient

/// Every way in which the vendor's pages let the service tell of live streams.
struct RestreamReading: Sendable, CustomTestStringConvertible {
  let settings: String
  /// Whether a live stream can be known by its asset in the end.
  var tellsAsset = true

  var testDescription: String { settings }

  static let all: [RestreamReading] =
    [
      RestreamReading(settings: #""liveStreamAsset":"told""#),
      RestreamReading(settings: #""liveStreamAsset":"missing""#, tellsAsset: false),
      RestreamReading(settings: #""liveStreamAsset":"null""#, tellsAsset: false),
      RestreamReading(settings: #""liveStreamCreation":"record""#),
      RestreamReading(settings: #""liveStreamCreation":"nowhere""#),
      RestreamReading(settings: #""liveStreamCreation":"nowhere","liveStreamAsset":"missing""#, tellsAsset: false),
      RestreamReading(settings: #""creationShift":-60"#),
      RestreamReading(settings: #""creationShift":60"#),
      RestreamReading(settings: #""creationShift":-60,"liveStreamAsset":"null""#, tellsAsset: false),
      RestreamReading(settings: #""hiddenSeconds":20"#),
      RestreamReading(settings: #""hiddenSeconds":20,"stateLag":20"#),
    ] + PagingReading.some.map { RestreamReading(settings: $0.settings) }
}

/// Every way in which a list may be paged and told of.
struct PagingReading: Sendable, CustomTestStringConvertible {
  let settings: String

  var testDescription: String { settings }

  static let all =
    ["full", "noTotals", "empty", "null", "missing", "zero", "tooSmall", "ownPage"].map {
      PagingReading(settings: #""mostPerPage":2,"pagination":"\#($0)""#)
    } + [
      PagingReading(settings: #""mostPerPage":2,"pagination":"noTotals","echoesPerPage":true"#),
      PagingReading(settings: #""mostPerPage":2,"pagination":"ownPage","echoesPerPage":true"#),
      PagingReading(settings: #""mostPerPage":2,"pagination":"empty","refusesPagesBehind":true"#),
      PagingReading(settings: #""mostPerPage":2,"pagination":"missing","repeatsLastPage":true"#),
      PagingReading(settings: #""ignoresPage":true,"ignoresPerPage":true,"pagination":"missing""#),
      PagingReading(settings: #""ignoresPage":true,"ignoresPerPage":true,"pagination":"zero""#),
      PagingReading(settings: #""ignoresPage":true,"ignoresPerPage":true,"pagination":"ownPage""#),
      // What is all by its first page and its totals, which count the list here.
      PagingReading(settings: #""repeatsLastPage":true,"pagination":"full""#),
    ]

  /// Of those that are alike one: with everything that can happen besides all of them would be many.
  static let some = all.filter { reading in
    !["empty", "null", "zero"].contains { reading.settings.hasSuffix(#""mostPerPage":2,"pagination":"\#($0)""#) }
  }

  /// Those of which nobody can tell whether they are whole: only the first page is ever shown.
  static let cut =
    ["full", "noTotals", "missing", "zero", "tooSmall", "ownPage"].map {
      PagingReading(settings: #""ignoresPage":true,"mostPerPage":2,"echoesPerPage":true,"pagination":"\#($0)""#)
    }
}

/// What happens to a job that has to make something.
struct Disturbance: Sendable, CustomTestStringConvertible {
  var point: FaultPoint?
  var fault: String?
  /// Whether something is there, and the job does not know which.
  let leavesDoubt: Bool

  var testDescription: String { point?.rawValue ?? fault ?? "none" }

  var injector: ScriptedFaults { point.map { ScriptedFaults(at: $0) } ?? ScriptedFaults() }

  static let all: [Disturbance] =
    FaultPoint.all.map { Disturbance(point: $0, leavesDoubt: $0 == .effectPerformed) }
    + [
      (#""kind":"cutAfterEffect""#, true), (#""kind":"malformedJSON""#, true),
      (#""kind":"htmlError","when":"after""#, true), (#""kind":"status","status":302,"when":"after""#, true),
      (#""kind":"status","status":504,"when":"after""#, true), (#""kind":"status","status":503,"when":"after""#, true),
      (#""kind":"status","status":503"#, false), (#""kind":"cutBeforeEffect""#, false),
      (#""kind":"status","status":302"#, false),
    ].map { fault, leavesDoubt in
      Disturbance(fault: #"{"listener":"video","method":"POST","count":1,\#(fault)}"#, leavesDoubt: leavesDoubt)
    }
}

@Suite("restream-asset, whatever the service tells of its live streams")
struct RestreamReadingTests {
  @Test(
    "makes one live stream, and is held with its name where nothing tells whose it is",
    arguments: RestreamReading.all, Disturbance.all)
  func once(reading: RestreamReading, disturbance: Disturbance) async throws {
    try await Given.standIns { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      try await given.asset(#"{"id":"other"}"#)
      let account = try await given.clients.wowzaVideo("main")
      // More than a page of what others made, the last a moment ago.
      for _ in 1...5 {
        _ = try await account.restream(asset: "other")
        given.clock.advance(by: .seconds(20))
      }
      try await given.control("PATCH", "/settings/video", "{\(reading.settings)}")
      if let fault = disturbance.fault { try await given.fault(fault) }
      let job = try await given.outcome(of: RestreamTests.parameters, disturbance.injector)
      let made = try await given.liveStreams(of: "talk-1")
      #expect(made.count == 1)
      #expect(try await given.liveStreamsMade(of: "talk-1") == 1)
      if disturbance.leavesDoubt, !reading.tellsAsset {
        #expect(job.state == .held)
        let why = try #require(job.waitReason)
        for word in [made[0], "CMS Restreamed", "--live-stream-id \(made[0])", "rundown jobs cancel \(job.id)"] {
          #expect(why.contains(word), "\(word)")
        }
        #expect(why.contains("created at 20") == !reading.settings.contains("nowhere"))
      } else {
        #expect(try job.output(RestreamResult.self).liveStreamID == made[0])
      }
    }
  }

  @Test("a live stream that is listed but not found until the late effect's time is over holds the job")
  func neverFound() async throws {
    try await Given.standIns({ $0.videoSettings.hiddenSeconds = 3600 }) { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      try await given.loseAnswer()
      let begin = given.clock.now()
      let job = try await given.outcome(of: RestreamTests.parameters)
      #expect(job.state == .held)
      #expect(given.clock.now() - begin >= WowzaVideoLateEffects.standard)
      #expect(job.waitReason?.contains("listed but not found") == true)
      #expect(try await given.liveStreamsMade(of: "talk-1") == 1)
    }
  }

  // first job                            second job, another asset
  // looks; writes its intent
  //                                      looks; writes its intent; asks; answer lost
  // asks; answer lost
  // two new streams, no asset told: each could be either's
  @Test("two restreams whose answers are lost at once are both held, and neither takes the other's")
  func twoLost() async throws {
    try await Given.standIns({ $0.videoSettings.liveStreamAsset = .missing }) { given in
      for asset in ["talk-1", "talk-2"] { try await given.asset(#"{"id":"\#(asset)"}"#) }
      try await given.loseAnswer(times: 2)
      var ids: [JobID] = []
      for asset in ["talk-1", "talk-2"] {
        ids.append(try await given.enqueue(RestreamAsset(connection: "main", assetID: asset)))
      }
      try await given.attempt(Meanwhile(at: .intentWritten) { try await given.attempt() })
      let both = try await given.liveStreams(of: "talk-1") + given.liveStreams(of: "talk-2")
      for id in ids {
        let job = try await given.run(id)
        #expect(job.state == .held)
        for stream in both { #expect(job.waitReason?.contains(stream) == true) }
      }
      #expect(try await given.videoCount("createdLiveStreams") == 2)
    }
  }

  @Test("what another job of this queue holds is surely not ours, also when that job asked at the same time")
  func claimedByOther() async throws {
    try await Given.standIns({ $0.videoSettings.liveStreamAsset = .missing }) { given in
      for asset in ["talk-1", "talk-2"] { try await given.asset(#"{"id":"\#(asset)"}"#) }
      let first = try await given.enqueue(RestreamTests.parameters)
      let second = try await given.enqueue(RestreamAsset(connection: "main", assetID: "talk-2"))
      // The other one asks while the first has written its intent and not asked yet; then the first's request is cut.
      try await given.attempt(
        Meanwhile(at: .intentWritten) {
          try await given.attempt()
          try await given.fault(#"{"listener":"video","kind":"cutBeforeEffect","method":"POST","count":1}"#)
        })
      for id in [first, second] { #expect(try await given.run(id).state == .completed) }
      #expect(try await given.videoCount("createdLiveStreams") == 2)
      #expect(try await given.videoCount("duplicates") == 0)
    }
  }

  @Test("a foreign live stream that the service refuses to show does not end the look", arguments: [403, 400, 422])
  func refusedForeign(status: Int) async throws {
    try await Given.standIns { given in
      for asset in ["talk-1", "other"] { try await given.asset(#"{"id":"\#(asset)"}"#) }
      let job = try await given.outcome(of: RestreamTests.parameters, foreign(given, status, loses: "cutAfterEffect"))
      let made = try await given.liveStreams(of: "talk-1")
      #expect(try job.output(RestreamResult.self).liveStreamID == made.first)
      #expect(try await given.liveStreamsMade(of: "talk-1") == 1)
    }
  }

  @Test("a live stream of our time that is not shown could be ours, when nothing else is")
  func refusedAlone() async throws {
    try await Given.standIns { given in
      for asset in ["talk-1", "other"] { try await given.asset(#"{"id":"\#(asset)"}"#) }
      let job = try await given.outcome(of: RestreamTests.parameters, foreign(given, 403, loses: "cutBeforeEffect"))
      #expect(job.state == .held && job.waitReason?.contains("cannot be read: 403") == true)
      #expect(try await given.liveStreamsMade(of: "talk-1") == 0)
    }
  }

  // somebody                      worker                          provider
  // makes a live stream
  //                               lists: it is not there yet
  //                               POST                            cut, nothing made
  //                               lists: there it is, with its date
  //                               GET                             403
  @Test(
    "one that is new in the list and not shown holds the job, whatever its date says, unless that is a day old",
    arguments: [90_000, 3600, 100, 0], ["everywhere", "nowhere"])
  func refusedByAge(seconds: Int64, dated: String) async throws {
    let times = Times(1)
    try await Given.relayed { ask, answer in
      guard ask.method == "GET", ask.path.hasPrefix("/api/v1.11/live_streams?"), times.next() else { return answer }
      return .json(200, #"{"live_streams":[],"pagination":{}}"#)
    } body: { given in
      for asset in ["talk-1", "other"] { try await given.asset(#"{"id":"\#(asset)"}"#) }
      let foreign = try await given.clients.wowzaVideo("main").restream(asset: "other").id
      try await given.control(
        "PATCH", "/settings/video", #"{"liveStreamAsset":"missing","liveStreamCreation":"\#(dated)"}"#)
      given.clock.advance(by: .seconds(seconds))
      let path = #""pathPrefix":"/api/v1.11/live_streams/\#(foreign)""#
      try await given.fault(#"{"listener":"video","kind":"status","status":403,"method":"GET",\#(path)}"#)
      try await given.fault(#"{"listener":"video","kind":"cutBeforeEffect","method":"POST","count":1}"#)
      let job = try await given.outcome(of: RestreamTests.parameters)
      // A date may be told in any zone's time, and without one nothing says that it is older.
      let end: JobState = dated == "nowhere" || seconds < 86_400 ? .held : .completed
      #expect(job.state == end, "\(job)")
      #expect(try await given.liveStreamsMade(of: "talk-1") == (end == .held ? 0 : 1))
      if end == .held { #expect(job.waitReason?.contains("\(foreign) ") == true) }
    }
  }

  // worker                          provider
  // lists: nothing there
  // POST                            made, and told as made long before; the answer is lost
  // lists: there it is
  @Test(
    "a date that is far behind the provider's clock leads to no second live stream",
    arguments: [-91, -600, -3600, -50_400], [true, false])
  func lateDate(shift: Int, tellsAsset: Bool) async throws {
    try await Given.standIns { given in
      for asset in ["talk-1", "other"] { try await given.asset(#"{"id":"\#(asset)"}"#) }
      let account = try await given.clients.wowzaVideo("main")
      _ = try await account.restream(asset: "other")
      let told = tellsAsset ? "told" : "missing"
      try await given.control(
        "PATCH", "/settings/video", #"{"creationShift":\#(shift),"liveStreamAsset":"\#(told)"}"#)
      try await given.loseAnswer()
      let job = try await given.outcome(of: RestreamTests.parameters)
      let made = try await given.liveStreams(of: "talk-1")
      #expect(try await given.liveStreamsMade(of: "talk-1") == 1)
      if tellsAsset {
        #expect(try job.output(RestreamResult.self).liveStreamID == made.first)
      } else {
        #expect(job.state == .held && job.waitReason?.contains(made.first ?? "none") == true, "\(job)")
      }
    }
  }

  // somebody                 worker                       provider
  // restreams the asset
  //                          cannot list: no evidence but dates
  //                          POST                         cut, nothing made
  //                          lists: one of its asset, by its date an hour older
  @Test(
    "where nothing could be listed before, one of the asset that is older by its date, or has none, holds the job",
    arguments: ["everywhere", "nowhere"])
  func olderByDate(creation: String) async throws {
    try await Given.standIns { given in
      try await given.control("PATCH", "/settings/video", #"{"liveStreamCreation":"\#(creation)"}"#)
      try await given.asset(#"{"id":"talk-1"}"#)
      let foreign = try await given.clients.wowzaVideo("main").restream(asset: "talk-1").id
      given.clock.advance(by: .seconds(3600))
      try await given.control("PATCH", "/settings/video", #"{"pagination":"tooLarge"}"#)
      try await given.fault(#"{"listener":"video","kind":"cutBeforeEffect","method":"POST","count":1}"#)
      let id = try await given.enqueue(RestreamTests.parameters)
      try await given.attempt()
      try await given.control("PATCH", "/settings/video", #"{"pagination":"full"}"#)
      let job = try await given.run(id)
      #expect(job.state == .held && job.waitReason?.contains(foreign) == true, "\(job)")
      #expect(try await given.liveStreamsMade(of: "talk-1") == 1)
    }
  }

  /// Somebody makes a live stream between the job's intent and its request; the service refuses to show it.
  private func foreign(_ given: Given, _ status: Int, loses fault: String) -> Meanwhile {
    Meanwhile(at: .intentWritten) {
      let foreign = try await given.clients.wowzaVideo("main").restream(asset: "other").id
      let path = #""pathPrefix":"/api/v1.11/live_streams/\#(foreign)""#
      try await given.fault(#"{"listener":"video","kind":"status","status":\#(status),"method":"GET",\#(path)}"#)
      try await given.fault(#"{"listener":"video","kind":"\#(fault)","method":"POST","count":1}"#)
    }
  }

  @Test("an account that cannot list its live streams restreams all the same, as long as no answer is lost")
  func noList() async throws {
    try await Given.standIns { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      try await given.control("PATCH", "/settings/video", #"{"pagination":"tooLarge"}"#)
      #expect(try await given.outcome(of: RestreamTests.parameters).state == .completed)
    }
  }

  @Test("a list that says it holds more than it shows is read again for a while, then holds the job")
  func contradiction() async throws {
    try await Given.standIns { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      try await given.control("PATCH", "/settings/video", #"{"pagination":"tooLarge"}"#)
      try await given.loseAnswer()
      let job = try await given.outcome(of: RestreamTests.parameters)
      #expect(job.state == .held && job.failures == 1)
      #expect(job.waitReason?.contains("the list announces 2 records but has 1") == true)
      #expect(try await given.liveStreamsMade(of: "talk-1") == 1)
      try await given.control("PATCH", "/settings/video", #"{"pagination":"full"}"#)
      _ = try await given.store.retry([job.id], at: given.clock.now())
      #expect(try await given.run(job.id).state == .completed)
    }
  }

  @Test("a person who knows that a live stream is theirs has it brought on air, and another run makes another")
  func wayOut() async throws {
    try await Given.standIns({ $0.videoSettings.liveStreamAsset = .missing }) { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      try await given.loseAnswer()
      let held = try await given.outcome(of: RestreamTests.parameters)
      #expect(held.state == .held)
      let stream = try #require(try await given.liveStreams(of: "talk-1").first)
      _ = try await given.store.retry([held.id], at: given.clock.now())
      #expect(try await given.run(held.id).state == .held, "a retry alone guesses nothing")
      _ = try await given.store.cancel([held.id], why: "taken over", at: given.clock.now())
      var parameters = RestreamTests.parameters
      parameters.liveStreamID = stream
      let result = try await given.outcome(of: parameters).output(RestreamResult.self)
      #expect(result.liveStreamID == stream && result.state == "started")
      let again = try await given.outcome(of: parameters)
      #expect(again.lastFailure?.code == "claimed")
      parameters.liveStreamID = "nobody"
      #expect(try await given.outcome(of: parameters).lastFailure?.code == "no-live-stream")
      #expect(try await given.videoCount("createdLiveStreams") == 1)
      var another = RestreamTests.parameters
      another.run = "again"
      #expect(try await given.outcome(of: another).output(RestreamResult.self).liveStreamID != stream)
      #expect(try await given.videoCount("createdLiveStreams") == 2)
    }
  }
}

extension Given {
  /// The ids of the live streams of an asset, as the service has them.
  func liveStreams(of asset: String) async throws -> [String] {
    try await elements("liveStreams").filter { $0["asset_id"]?.string == asset }.compactMap { $0["id"]?.string }
  }

  /// How many were ever made of it.
  func liveStreamsMade(of asset: String) async throws -> Int {
    guard case .integer(let count)? = try await videoCount("liveStreamsByAsset")?[asset] else { return 0 }
    return count
  }

  /// The answers to the next requests that make something are lost.
  func loseAnswer(times: Int = 1) async throws {
    try await fault(#"{"listener":"video","kind":"cutAfterEffect","method":"POST","count":\#(times)}"#)
  }
}
