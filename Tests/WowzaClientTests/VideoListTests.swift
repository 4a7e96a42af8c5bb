import HTTPTransport
import Testing
import WowzaVideoClient

@Suite("Lists of Wowza Video")
struct VideoListTests {
  static func page(_ ids: [String], _ pagination: String? = nil) -> ScriptedTransport.Line {
    let items = ids.map { #"{"id":"\#($0)","name":"n-\#($0)","created_at":"2026-01-10T10:00:00.000Z"}"# }
    let list = "[" + items.joined(separator: ",") + "]"
    return .answer(200, #"{"live_streams":\#(list)\#(pagination.map { #","pagination":{\#($0)}"# } ?? "")}"#)
  }

  @Test("are read to the last page and back, however few items a page holds")
  func pages() async throws {
    let first = Self.page(["a", "b"], #""total_records":5,"page":1,"per_page":2,"total_pages":3"#)
    let second = Self.page(["c", "d"], #""total_records":"5","page":2,"per_page":2,"total_pages":"3""#)
    let video = try ScriptedVideo(
      first, second, Self.page(["e"], #""total_records":5,"page":3,"per_page":2,"total_pages":3"#), second, first)
    let ids = try await video.client.liveStreams().map(\.id)
    #expect(ids == ["a", "b", "c", "d", "e"])
    let asked = await video.transport.asked
    #expect(asked == [1, 2, 3, 2, 1].map { "GET /api/v1.11/live_streams?page=\($0)&per_page=1000" })
  }

  private static let agreeing = #""total_records":2,"per_page":1000,"total_pages":1"#

  @Test("that tell all and agree are asked for the page behind all the same: the totals may be those of the page")
  func onePage() async throws {
    let whole = try ScriptedVideo(Self.page(["a", "b"], Self.agreeing), Self.page([], Self.agreeing))
    #expect(try await whole.client.liveStreams().map(\.id) == ["a", "b"])
    let cut = try ScriptedVideo(
      Self.page(["a", "b"], Self.agreeing), Self.page(["c", "d"], Self.agreeing),
      Self.page(["e"], #""total_records":1,"per_page":1000,"total_pages":1"#), Self.page(["c", "d"], Self.agreeing),
      Self.page(["a", "b"], Self.agreeing))
    #expect(try await cut.client.liveStreams().map(\.id) == ["a", "b", "c", "d", "e"])
  }

  private static let refusal = ScriptedTransport.Line.answer(422, #"{"meta":{"status":422,"code":"ERR-422-Page"}}"#)

  @Test("whose page behind the last is refused are read to the end, unless it may be as far as the service goes")
  func refusedPage() async throws {
    let short = try ScriptedVideo(Self.page(["a", "b"]), Self.refusal, Self.page(["a", "b"]))
    #expect(try await short.client.liveStreams().map(\.id) == ["a", "b"])
    let ten = (1...10).map { "s\($0)" }
    let usual = try ScriptedVideo(Self.page(ten), Self.refusal)
    let error = try await providerError { try await usual.client.liveStreams() }
    #expect(error.code == ListFailure.incomplete)
    #expect(error.message == "page 2 of the list was refused, after 10 records")
    let whole = Self.page(ten, #""total_records":10"#)
    let told = try ScriptedVideo(whole, Self.refusal, whole)
    #expect(try await told.client.liveStreams().count == 10)
  }

  private static let untold: [String?] = [
    nil, "", #""total_records":0,"total_pages":0,"per_page":0"#, #""per_page":1000,"page":1"#, #""per_page":2"#,
    #""total_records":null,"total_pages":null"#, #""total_records":1,"total_pages":1"#,
    #""total_records":2,"total_pages":1,"per_page":2"#, #""total_records":"many""#,
  ]

  @Test("that tell no totals, or wrong ones, go on until a page is empty", arguments: untold)
  func untilEmpty(pagination: String?) async throws {
    let video = try ScriptedVideo(
      Self.page(["a", "b"], pagination), Self.page(["c", "d"], pagination), Self.page([], pagination),
      Self.page(["c", "d"], pagination), Self.page(["a", "b"], pagination))
    let ids = try await video.client.liveStreams().map(\.id)
    #expect(ids == ["a", "b", "c", "d"])
  }

  @Test("that tell no totals, or wrong ones, end with a page shorter than the one before", arguments: untold)
  func untilShort(pagination: String?) async throws {
    let video = try ScriptedVideo(
      Self.page(["a", "b"], pagination), Self.page(["c"], pagination), Self.page(["a", "b"], pagination))
    let ids = try await video.client.liveStreams().map(\.id)
    #expect(ids == ["a", "b", "c"])
  }

  @Test("whose `pagination` is null, and whose page behind the last is not known, are read to the end")
  func unknownPage() async throws {
    let page = ScriptedTransport.Line.answer(200, #"{"live_streams":[{"id":"a"}],"pagination":null}"#)
    let video = try ScriptedVideo(
      page, .answer(404, #"{"meta":{"status":404,"code":"ERR-404-RecordNotFound"}}"#), page)
    let ids = try await video.client.liveStreams().map(\.id)
    #expect(ids == ["a"])
  }

  @Test("of a service that knows no pages are what it gives each time")
  func noPages() async throws {
    let same = Self.page(["a", "b"])
    let video = try ScriptedVideo(same, same, same, same)
    let ids = try await video.client.liveStreams().map(\.id)
    #expect(ids == ["a", "b"])
    let asked = await video.transport.asked
    #expect(asked.dropLast().last == "GET /api/v1.11/live_streams?page=3&per_page=1")
  }

  /// What comes for the record behind the last one seen, after two pages that are the same.
  private static let behind: [(answer: ScriptedTransport.Line, isAll: Bool)] = [
    (page([]), true),
    (.answer(404, #"{"meta":{"status":404,"code":"ERR-404-RecordNotFound"}}"#), true),
    (refusal, true),
    // The last page is shown in the place of any behind it.
    (page(["b"]), true),
    // The totals count the list, though its pages are not shown.
    (page(["a"], #""total_records":2,"per_page":1"#), true),
    // Pages are not heeded and sizes are: there may be any number behind the two.
    (page(["a"]), false),
    (page(["a"], #""total_records":1,"per_page":1"#), false),
    (page(["a"], #""total_records":3,"per_page":1"#), false),
    (page(["c"]), false),
  ]

  @Test("that bring nothing new are whole only when the record behind the last one seen says so", arguments: 0..<9)
  func nothingNew(number: Int) async throws {
    let (answer, isAll) = Self.behind[number]
    let same = Self.page(["a", "b"])
    let video = try ScriptedVideo(same, same, answer, same)
    if isAll {
      #expect(try await video.client.liveStreams().map(\.id) == ["a", "b"])
    } else {
      let error = try await providerError { try await video.client.liveStreams() }
      #expect(error.code == ListFailure.incomplete)
      #expect(error.message == "page 2 of the list contains nothing new")
    }
  }

  @Test("of a service that shows a full first page again and again are an error: there may be more")
  func firstPageAgain() async throws {
    // Full by what is told, with a next one that is asked for otherwise, or because lists are usually cut there.
    for same in [
      Self.page(["a", "b"], #""per_page":2"#), Self.page(["a", "b"], #""next_page_key":"k1""#),
      Self.page((1...25).map { "s\($0)" }),
    ] {
      let video = try ScriptedVideo(same, same, same)
      let error = try await providerError { try await video.client.liveStreams() }
      #expect(error.code == ListFailure.incomplete)
      #expect(error.message == "page 2 of the list contains nothing new")
    }
  }

  @Test("whose pages hold more bytes than are taken are asked for in smaller ones")
  func tooLarge() async throws {
    let video = try ScriptedVideo(
      .failure(.responseTooLarge, .unknown), Self.page(["a"]), .failure(.responseTooLarge, .unknown),
      Self.page(["a"]), Self.page(["b"]), Self.page([]), Self.page(["b"]), Self.page(["a"]))
    let ids = try await video.client.liveStreams().map(\.id)
    #expect(ids == ["a", "b"])
    let asked = await video.transport.asked.map { $0.suffix(12) }
    #expect(
      asked.map { $0.split(separator: "=").last } == ["1000", "100", "100", "10", "10", "10", "10", "10"])
  }

  @Test("of which a page of ten is too large say so, and are no failure to repeat")
  func muchTooLarge() async throws {
    let large = ScriptedTransport.Line.failure(.responseTooLarge, .unknown)
    let video = try ScriptedVideo(large, large, large)
    let error = try await providerError { try await video.client.liveStreams() }
    #expect(error.code == ListFailure.tooLong && error.delivery == .refused)
  }

  @Test("that shrink while they are read are read again: a deletion moves an unread item to a page already read")
  func shrinks() async throws {
    let video = try ScriptedVideo(
      // Somebody deletes a between the two requests, so c moves to page 1 and is seen by neither.
      Self.page(["a", "b"], #""total_records":4,"total_pages":2"#),
      Self.page(["d"], #""total_records":3,"total_pages":2"#),
      Self.page(["b", "c"], #""total_records":3,"total_pages":2"#),
      Self.page(["d"], #""total_records":3,"total_pages":2"#),
      Self.page(["b", "c"], #""total_records":3,"total_pages":2"#))
    let ids = try await video.client.liveStreams().map(\.id)
    #expect(ids == ["b", "c", "d"])
  }

  // this client               somebody
  // page 1: a b
  // page 2: c d
  //                           removes a, and may add f: the pages are b c, d e and what was added
  // page 3: f, or nothing     e is on a page that was read before
  // page 2: d e
  // page 1: b c
  @Test(
    "that lose a record in front of an unread one while they are read are whole by the way back, whatever they tell",
    arguments: [nil, #""total_records":5,"per_page":2"#])
  func slides(pagination: String?) async throws {
    let added = pagination == nil ? [] : ["f"]
    let video = try ScriptedVideo(
      Self.page(["a", "b"], pagination), Self.page(["c", "d"], pagination), Self.page(added, pagination),
      Self.page(["d", "e"], pagination), Self.page(["b", "c"], pagination))
    let ids = try await video.client.liveStreams().map(\.id)
    #expect(ids == ["a", "b", "c", "d"] + added + ["e"])
  }

  @Test("of one page only are not read again when it and the page behind it tell of as many records as it holds")
  func oneRequestMore() async throws {
    let sure = try ScriptedVideo(Self.page(["a", "b"], Self.agreeing), Self.page([], Self.agreeing))
    _ = try await sure.client.liveStreams()
    #expect(await sure.transport.requests.count == 2)
    // Its totals may be those of each page: then `b` may have moved to the first one in between.
    let own = try ScriptedVideo(
      Self.page(["a"], #""total_records":1"#), Self.page([], #""total_records":0"#),
      Self.page(["b"], #""total_records":1"#))
    #expect(try await own.client.liveStreams().map(\.id) == ["a", "b"])
  }

  @Test("that shrink at every reading are an error")
  func keepsShrinking() async throws {
    let first = Self.page(["a", "b"], #""total_records":4,"total_pages":2"#)
    let second = Self.page(["d"], #""total_records":3,"total_pages":2"#)
    let video = try ScriptedVideo(first, second, first, second, first, second)
    let error = try await providerError { try await video.client.liveStreams() }
    #expect(error.code == "incomplete-list")
    #expect(error.delivery == .refused)
  }

  @Test("that hold less than they tell are an error, not a short list")
  func holdsLess() async throws {
    let video = try ScriptedVideo(Self.page(["a"], #""total_records":2,"total_pages":1"#), Self.page([]))
    let error = try await providerError { try await video.client.liveStreams() }
    #expect(error.message == "the list announces 2 records but has 1")
  }

  @Test("whose pages repeat themselves end with an error", arguments: [["a", "b"], []])
  func repeats(ids: [String]) async throws {
    let same = Self.page(ids, #""total_records":9,"total_pages":5"#)
    let video = try ScriptedVideo(same, same, same)
    let error = try await providerError { try await video.client.liveStreams() }
    #expect(error.code == "incomplete-list")
    let count = await video.transport.requests.count
    #expect(count == (ids.isEmpty ? 1 : 2))
  }

  @Test("without end are given up after 1000 pages")
  func endless() async throws {
    let transport = EndlessPages()
    let client = WowzaVideoClient(
      baseURL: "https://api.video.example.com", version: try #require(WowzaVideoVersion("v2.0")),
      credentials: { Given.token }, transport: transport, now: { ScriptedVideo.now })
    let error = try await providerError { try await client.liveStreams() }
    #expect(error.message == "the list has more than 1000 pages")
    let served = await transport.served
    #expect(served == 1000)
    #expect(error.code == ListFailure.tooLong)
  }

  @Test(
    "that cannot be understood are an error, never an empty list",
    arguments: [
      #"{"live_streams":null}"#, #"{"pagination":{}}"#, #"{"live_streams":[{"name":"without id"}]}"#,
      #"{"live_streams":["text"]}"#, #"[]"#, "", #"{"live_streams":[{"id":"a"}"#,
    ])
  func unreadable(body: String) async throws {
    let video = try ScriptedVideo(.answer(200, body))
    let error = try await providerError { try await video.client.liveStreams() }
    #expect(error.code == "undecodable-answer")
    #expect(error.status == 200)
    #expect(error.delivery == .refused)
  }

  @Test("can be narrowed to a name and to a time, and what tells no time is taken in")
  func narrowed() async throws {
    let body = """
      {"live_streams":[{"id":1,"name":"x","created_at":"2026-01-10T09:59:59.999Z"},
       {"id":2,"name":"x","created_at":"2026-01-10T10:00:00.000Z"},{"id":3,"name":"y","created_at":null},
       {"id":4,"name":"x"}]}
      """
    let end = ScriptedTransport.Line.answer(200, #"{"live_streams":[]}"#)
    let page = ScriptedTransport.Line.answer(200, body)
    let video = try ScriptedVideo(page, end, page, page, end, page)
    let since = try await video.client.liveStreams(createdSince: 1_768_039_200).map(\.id)
    #expect(since == ["2", "3", "4"])
    let named = try await video.client.liveStreams(named: "y").map(\.id)
    #expect(named == ["3"])
  }

  @Test("of names only are completed, and an item whose name is not told is looked at, not left out")
  func details() async throws {
    let list = """
      {"stream_targets_fastly":[{"id":"a","name":"cdn"},{"id":"b"},{"id":"c","name":"other"},{"id":"d"},
       {"id":"e","name":"cdn"},{"id":"f"},{"id":"g","name":"cdn"}]}
      """
    let video = try ScriptedVideo(
      .answer(200, list), .answer(200, #"{"stream_targets_fastly":[]}"#), .answer(200, list),
      .answer(200, #"{"stream_target_fastly":{"id":"a","name":"cdn","custom_origin_url":"https://o.example.com"}}"#),
      .answer(200, #"{"stream_target_fastly":{"id":"b","name":"cdn"}}"#),
      .answer(404, #"{"meta":{"status":404,"code":"ERR-404-RecordNotFound"}}"#),
      // Renamed after the list was made; another name; no name at all.
      .answer(200, #"{"stream_target_fastly":{"id":"e","name":"renamed"}}"#),
      .answer(200, #"{"stream_target_fastly":{"id":"f","name":"other"}}"#),
      .answer(200, #"{"stream_target_fastly":{"id":"g","name":null}}"#))
    let found = try await video.client.fastlyTargets(named: "cdn")
    #expect(found.map(\.id) == ["a", "b", "g"])
    #expect(found.first?.originURL == "https://o.example.com")
  }

  @Test("of assets that are short are completed, and whole ones spare the call")
  func assetDetails() async throws {
    let list = #"{"assets":[{"id":1,"name":"talk"},{"id":2,"name":"talk","state":"failed"},{"id":3}]}"#
    let video = try ScriptedVideo(
      .answer(200, list), .answer(200, #"{"assets":[]}"#), .answer(200, list),
      .answer(200, #"{"asset":{"id":1,"name":"talk","state":"completed"}}"#),
      .answer(200, #"{"asset":{"id":3,"name":"other","state":"completed"}}"#))
    let found = try await video.client.assets(named: "talk")
    #expect(found.map(\.id) == ["1", "2"])
    #expect(found.map(\.state) == [.completed, .failed])
    let count = await video.transport.requests.count
    #expect(count == 5)
  }

  @Test("with more candidates than can be looked at are an error")
  func tooManyCandidates() async throws {
    let many = (1...201).map { #"{"id":\#($0),"name":"same"}"# }.joined(separator: ",")
    let manyTargets = ScriptedTransport.Line.answer(200, #"{"stream_targets_fastly":[\#(many)]}"#)
    let manyAssets = ScriptedTransport.Line.answer(200, #"{"assets":[\#(many)]}"#)
    let video = try ScriptedVideo(
      manyTargets, .answer(200, #"{"stream_targets_fastly":[]}"#), manyTargets, manyAssets,
      .answer(200, #"{"assets":[]}"#), manyAssets)
    let targets = try await providerError { try await video.client.fastlyTargets(named: "same") }
    #expect(targets.code == ListFailure.tooLong)
    let assets = try await providerError { try await video.client.assets(named: "same") }
    #expect(assets.code == ListFailure.tooLong)
  }
}

/// A list that always has one more page.
private actor EndlessPages: HTTPTransport {
  private(set) var served = 0

  func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
    served += 1
    let body = #"{"live_streams":[{"id":"s\#(served)"}],"pagination":{"total_records":1000000,"total_pages":1000000}}"#
    return HTTPResponse(status: 200, headers: [], body: Array(body.utf8))
  }
}
