import Testing

@testable import rundown_standins

@Suite("The CDN targets of the Wowza Video stand-in")
struct StreamTargetTests {
  static let path = "/api/v1.11/stream_targets/fastly"

  static func body(_ members: String, wrapper: String = "stream_target_fastly") -> String {
    "{\"\(wrapper)\":{\(members)}}"
  }

  @Test("a creation answers 201 with the whole target in its wrapper")
  func creates() async throws {
    try await Given.standIns { given in
      let members = #""name":"cdn","custom_origin_region":"eu","custom_origin_url":"https://b.example.com""#
      let answer = try await given.video("POST", Self.path, body: Self.body(members))
      #expect(answer.status == 201)
      #expect(try answer.text("stream_target_fastly", "state") == "activated")
      #expect(try answer.text("stream_target_fastly", "custom_origin_url") == "https://b.example.com")
      #expect(try answer.text("stream_target_fastly", "created_at") == "2023-11-14T22:13:20.000Z")
      let id = try #require(try answer.text("stream_target_fastly", "id"))
      #expect(try await given.video("GET", Self.path + "/" + id).json == answer.json)
    }
  }

  @Test("each version knows its own path word only", arguments: VideoVersion.allCases)
  func pathWord(version: VideoVersion) async throws {
    try await Given.standIns { given in
      let own = version == .v2_0 ? "wowza_cdn" : "fastly"
      let other = version == .v2_0 ? "fastly" : "wowza_cdn"
      let base = "/api/v\(version.rawValue)/stream_targets/"
      let isOld = version == .v1_6 || version == .v1_7
      let headers = isOld ? VideoAuthenticationTests.keys : ["Authorization": "Bearer standin-token"]
      let body = Self.body(#""name":"cdn""#, wrapper: "stream_target_" + own)
      let answer = try await given.video("POST", base + own, headers: headers, body: body)
      #expect(answer.status == 201)
      #expect(try answer.text("stream_target_" + own, "name") == "cdn")
      let list = try await given.video("GET", base + own, headers: headers)
      #expect(try list.json["stream_targets_" + own]?.elements.count == 1)
      #expect(try await given.video("GET", base + other, headers: headers).status == 404)
    }
  }

  @Test("the same name twice makes two targets, and both are counted as duplicates of each other")
  func namesAreNotUnique() async throws {
    try await Given.standIns { given in
      let body = Self.body(#""name":"cdn","custom_origin_url":"https://b.example.com""#)
      let first = try await given.video("POST", Self.path, body: body)
      let second = try await given.video("POST", Self.path, body: body)
      #expect(second.status == 201)
      #expect(try first.text("stream_target_fastly", "id") != second.text("stream_target_fastly", "id"))
      let counts = try await given.counts("video")
      #expect(counts["createdTargets"] == 2)
      #expect(counts["targets"] == [["name": "cdn", "origin": "https://b.example.com", "times": 2]])
      #expect(counts["duplicates"] == 1)
    }
  }

  @Test("a list shows id, name and the two instants, nothing else")
  func shortItems() async throws {
    try await Given.standIns { given in
      _ = try await given.video("POST", Self.path, body: Self.body(#""name":"cdn""#))
      let items = try await given.video("GET", Self.path).json["stream_targets_fastly"]?.elements
      let item = try #require(items?.first?.object)
      #expect(Set(item.keys) == ["id", "name", "created_at", "updated_at"])
    }
  }

  @Test("pages count from 1, their indexes from 0, and the oldest comes first")
  func pages() async throws {
    try await Given.standIns { given in
      for number in 1...5 {
        _ = try await given.video("POST", Self.path, body: Self.body("\"name\":\"cdn-\(number)\""))
      }
      let page = try await given.video("GET", Self.path + "?page=2&per_page=2").json
      #expect(page["stream_targets_fastly"]?.elements.map { $0["name"] } == ["cdn-3", "cdn-4"])
      let pagination = try #require(page["pagination"])
      #expect(pagination["total_records"] == 5)
      #expect(pagination["total_pages"] == 3)
      #expect(pagination["page"] == 2)
      #expect(pagination["per_page"] == 2)
      #expect(pagination["page_first_index"] == 2)
      #expect(pagination["page_last_index"] == 3)
      let beyond = try await given.video("GET", Self.path + "?page=4&per_page=2").json
      #expect(beyond["stream_targets_fastly"]?.elements.isEmpty == true)
      let whole = try await given.video("GET", Self.path + "?per_page=5000").json
      #expect(whole["pagination"]?["per_page"] == 1000)
    }
  }

  @Test(
    "filters by field, with encoded brackets",
    arguments: [
      ("eq%5D=cam-1", ["cam-1"]), ("neq%5D=cam-1", ["cam-2", "other"]), ("like%5D=cam-*", ["cam-1", "cam-2"]),
      ("like%5D=%25o%25h%25", ["other"]), ("like%5D=am", []),
    ])
  func filters(condition: String, names: [String]) async throws {
    try await Given.standIns { given in
      for name in ["cam-1", "cam-2", "other"] {
        _ = try await given.video("POST", Self.path, body: Self.body("\"name\":\"\(name)\""))
      }
      let target = Self.path + "?filter%5B0%5D%5Bfield%5D=name&filter%5B0%5D%5B" + condition
      let items = try await given.video("GET", target).json["stream_targets_fastly"]?.elements
      #expect(items?.compactMap { $0["name"]?.string } == names)
    }
  }

  @Test(
    "refuses what breaks a documented rule",
    arguments: [
      #""custom_origin_region":"eu""#, #""name":"  ""#, #""name":"a","custom_origin_region":"eu-central-1""#,
      #""name":"a","custom_origin_url":"b.example.com""#,
      "\"name\":\"" + String(repeating: "n", count: 256) + "\"",
    ])
  func refuses(members: String) async throws {
    try await Given.standIns { given in
      let answer = try await given.video("POST", Self.path, body: Self.body(members))
      #expect(answer.status == 422)
      #expect(try answer.text("meta", "code") == "ERR-422-RecordInvalid")
      #expect(try answer.text("meta", "message")?.hasPrefix("The request couldn't be processed.") == true)
      #expect(try await given.counts("video", "createdTargets") == 0)
    }
  }

  @Test("a PATCH changes what it names; the shared secret is kept and never shown")
  func patches() async throws {
    try await Given.standIns { given in
      let body = Self.body(#""name":"a","token_auth_shared_secret":"00aa""#)
      let created = try await given.video("POST", Self.path, body: body)
      let id = try #require(try created.text("stream_target_fastly", "id"))
      #expect(!created.body.contains("00aa"))
      let patch = Self.body(#""force_ssl_playback":true,"id":"other""#)
      let patched = try await given.video("PATCH", Self.path + "/" + id, body: patch)
      #expect(patched.status == 200)
      #expect(try patched.json["stream_target_fastly"]?["force_ssl_playback"] == true)
      #expect(try patched.text("stream_target_fastly", "name") == "a")
      #expect(try patched.text("stream_target_fastly", "id") == id)
      #expect(try await given.video("PATCH", Self.path + "/none", body: patch).status == 404)
    }
  }

  @Test("a deleted target answers 410, one that never was 404")
  func deletes() async throws {
    try await Given.standIns { given in
      let created = try await given.video("POST", Self.path, body: Self.body(#""name":"a""#))
      let id = try #require(try created.text("stream_target_fastly", "id"))
      let deleted = try await given.video("DELETE", Self.path + "/" + id)
      #expect(deleted.status == 204)
      #expect(deleted.body.isEmpty)
      for method in ["GET", "DELETE", "PATCH"] {
        let gone = try await given.video(method, Self.path + "/" + id, body: Self.body(#""name":"b""#))
        #expect(gone.status == 410)
        #expect(try gone.text("meta", "code") == "ERR-410-RecordDeleted")
        let unknown = try await given.video(method, Self.path + "/none", body: Self.body(#""name":"b""#))
        #expect(unknown.status == 404)
        #expect(try unknown.text("meta", "code") == "ERR-404-RecordNotFound")
      }
    }
  }
}
