import Testing

@testable import rundown_standins

@Suite("The Wowza Video stand-in, in the readings that the vendor's pages leave open")
struct VideoReadingTests {
  private static let base = "/api/v1.11"

  private func settings(_ given: Given, _ json: String) async throws {
    #expect(try await given.control("PATCH", "/settings/video", json).status == 200)
  }

  @Test("a live stream tells its asset and its creation where the settings say so")
  func fields() async throws {
    try await Given.standIns { given in
      try await given.control("POST", "/assets", #"{"id":"a1"}"#)
      let id = try await LiveStreamTests.restream(given)
      let path = Self.base + "/live_streams/" + id
      let told = try await given.video("GET", path).text("live_stream", "created_at")
      try await settings(given, #"{"liveStreamAsset":"null","liveStreamCreation":"record","creationShift":60}"#)
      let record = try await given.video("GET", path).json["live_stream"]
      #expect(record?["asset_id"] == .null)
      #expect(record?["created_at"]?.string != told)
      let item = try await given.video("GET", Self.base + "/live_streams").json["live_streams"]?.elements.first
      #expect(item?["id"]?.string == id && item?["created_at"] == nil)
      try await settings(given, #"{"liveStreamAsset":"missing","liveStreamCreation":"nowhere"}"#)
      let bare = try await given.video("GET", path).json["live_stream"]?.object ?? [:]
      #expect(bare["asset_id"] == nil && bare["created_at"] == nil && bare["name"] != nil)
    }
  }

  @Test("what is new is listed and not found for a while")
  func hidden() async throws {
    try await Given.standIns { given in
      try await settings(given, #"{"hiddenSeconds":10}"#)
      try await given.control("POST", "/assets", #"{"id":"a1"}"#)
      let id = try await LiveStreamTests.restream(given)
      #expect(try await given.video("GET", Self.base + "/live_streams").json["live_streams"]?.elements.count == 1)
      for path in ["", "/state"] {
        #expect(try await given.video("GET", Self.base + "/live_streams/\(id)\(path)").status == 404)
      }
      given.clock.advance(10)
      #expect(try await given.video("GET", Self.base + "/live_streams/\(id)").status == 200)
    }
  }

  @Test("a state lags behind, and a repeated start is refused or taken")
  func lag() async throws {
    try await Given.standIns { given in
      try await settings(given, #"{"stateLag":5,"startDelay":0,"repeatedStart":"accepted"}"#)
      try await given.control("POST", "/assets", #"{"id":"a1"}"#)
      let id = try await LiveStreamTests.restream(given)
      for _ in 1...2 {
        #expect(try await given.video("PUT", Self.base + "/live_streams/\(id)/start").status == 200)
      }
      #expect(try await LiveStreamTests.state(given, id) == "stopped")
      given.clock.advance(5)
      #expect(try await LiveStreamTests.state(given, id) == "started")
    }
  }

  @Test(
    "lists tell of their pages what the settings say, and hold what they held",
    arguments: ["full", "noTotals", "empty", "null", "missing", "zero", "tooSmall", "tooLarge", "ownPage"])
  func pagination(telling: String) async throws {
    try await Given.standIns { given in
      for number in 1...3 { try await given.control("POST", "/assets", #"{"id":"a\#(number)"}"#) }
      try await settings(given, #"{"pagination":"\#(telling)","mostPerPage":2}"#)
      let first = try await given.video("GET", Self.base + "/assets?page=1&per_page=1000").json
      let second = try await given.video("GET", Self.base + "/assets?page=2&per_page=1000").json
      #expect(first["assets"]?.elements.count == 2 && second["assets"]?.elements.count == 1)
      let told = first["pagination"]
      switch telling {
      case "full": #expect(told?["total_records"] == 3 && told?["total_pages"] == 2 && told?["per_page"] == 2)
      case "noTotals": #expect(told?["total_records"] == nil && told?["per_page"] == 2)
      case "empty": #expect(told == .object([:]))
      case "null": #expect(told == .null)
      case "missing": #expect(told == nil)
      case "zero": #expect(told?["total_records"] == 0 && told?["per_page"] == 0)
      case "tooSmall": #expect(told?["total_records"] == 1 && told?["total_pages"] == 1)
      case "ownPage":
        #expect(told?["total_records"] == 2 && second["pagination"]?["total_records"] == 1)
        #expect(told?["total_pages"] == 1)
      default: #expect(told?["total_records"] == 4 && told?["total_pages"] == 3)
      }
    }
  }

  @Test("pages can be ignored, and those behind the last refused, or shown as the last one")
  func pages() async throws {
    try await Given.standIns { given in
      for number in 1...3 { try await given.control("POST", "/assets", #"{"id":"a\#(number)"}"#) }
      try await settings(given, #"{"refusesPagesBehind":true}"#)
      #expect(try await given.video("GET", Self.base + "/assets?page=2").status == 404)
      try await settings(given, #"{"ignoresPage":true,"ignoresPerPage":true}"#)
      let page = try await given.video("GET", Self.base + "/assets?page=2&per_page=1").json
      #expect(page["assets"]?.elements.count == 3)
      try await settings(
        given, #"{"refusesPagesBehind":false,"ignoresPage":false,"ignoresPerPage":false,"repeatsLastPage":true}"#)
      let last = try await given.video("GET", Self.base + "/assets?page=9&per_page=2").json
      #expect(last["assets"]?.elements.first?["id"] == "a3")
    }
  }

  @Test("a target tells the guide's fields only, and a fault can be a redirect after the effect")
  func target() async throws {
    try await Given.standIns { given in
      try await settings(given, #"{"targetFields":"guide"}"#)
      let body = #"{"stream_target_fastly":{"name":"cdn","custom_origin_url":"https://o.example.com"}}"#
      let path = Self.base + "/stream_targets/fastly"
      let made = try await given.video("POST", path, body: body).json["stream_target_fastly"]?.object ?? [:]
      #expect(made["id"] != nil && made["custom_origin_url"] == nil && made["custom_origin_region"] == nil)
      try await given.control(
        "POST", "/faults", #"{"listener":"video","kind":"status","status":302,"when":"after","method":"POST"}"#)
      #expect(try await given.video("POST", path, body: body).status == 302)
      #expect(try await given.counts("video")["createdTargets"] == 2)
    }
  }
}
