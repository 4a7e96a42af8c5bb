import Testing

@testable import rundown_standins

@Suite("The real-time streams of the Wowza Video stand-in")
struct RealTimeTests {
  static let path = "/api/v2.0/real_time"
  static let body = #"{"real_time_stream":{"name":"cam-01-rt","reference_id":"job-1"}}"#

  static func create(_ given: Given) async throws -> String {
    let answer = try await given.video("POST", path, body: body)
    #expect(answer.status == 201)
    #expect(try answer.text("real_time_stream", "token") != nil)
    return try #require(try answer.text("real_time_stream", "id"))
  }

  @Test("start by publishing, tell the state in another wrapper, and answer 423 to a second stop")
  func life() async throws {
    try await Given.standIns { given in
      let stream = Self.path + "/" + (try await Self.create(given))
      #expect(try await given.video("GET", stream + "/state").json == ["real_time": ["state": "stopped"]])
      #expect(try await given.video("PUT", stream + "/start").status == 404)
      let id = String(stream.dropFirst(Self.path.count + 1))
      #expect(try await given.control("POST", "/publish/" + id).status == 200)
      #expect(try await given.video("GET", stream + "/state").json == ["real_time": ["state": "started"]])
      #expect(try await given.video("GET", stream).text("real_time_stream", "state") == "started")
      let stopped = try await given.video("PUT", stream + "/stop")
      #expect(stopped.status == 200)
      #expect(try stopped.json == ["real_time_stream": ["state": "stopped"]])
      let again = try await given.video("PUT", stream + "/stop")
      #expect(again.status == 423)
      #expect(try again.text("meta", "code") == "ERR-423-StreamAlreadyStopped")
    }
  }

  @Test("exist from 1.7; state and stop only on 2.0")
  func versions() async throws {
    try await Given.standIns { given in
      let id = try await Self.create(given)
      let keys = VideoAuthenticationTests.keys
      #expect(try await given.video("GET", "/api/v1.6/real_time", headers: keys).status == 404)
      #expect(try await given.video("GET", "/api/v1.7/real_time", headers: keys).status == 200)
      #expect(try await given.video("GET", "/api/v1.11/real_time/" + id).status == 200)
      #expect(try await given.video("GET", "/api/v1.11/real_time/\(id)/state").status == 404)
      #expect(try await given.video("PUT", "/api/v1.11/real_time/\(id)/stop").status == 404)
    }
  }

  @Test("are changed with their name, deleted once, and counted by their reference")
  func changesAndCounts() async throws {
    try await Given.standIns { given in
      let id = try await Self.create(given)
      _ = try await Self.create(given)
      #expect(try await given.counts("video", "createdRealTimeStreams") == 2)
      #expect(try await given.counts("video", "duplicates") == 1)
      let nameless = try await given.video("PATCH", Self.path + "/" + id, body: #"{"real_time_stream":{}}"#)
      #expect(try nameless.text("meta", "code") == "ERR-422-RecordInvalid")
      let renamed = #"{"real_time_stream":{"name":"new"}}"#
      #expect(try await given.video("PATCH", Self.path + "/" + id, body: renamed).status == 200)
      #expect(try await given.video("GET", Self.path + "/" + id).text("real_time_stream", "name") == "new")
      #expect(try await given.video("DELETE", Self.path + "/" + id).status == 204)
      #expect(try await given.video("GET", Self.path + "/" + id).status == 410)
      #expect(try await given.video("GET", Self.path).json["real_time_streams"]?.elements.count == 1)
      let token = try #require(
        try await given.video("POST", Self.path, body: Self.body).text("real_time_stream", "token"))
      #expect(try await !given.control("GET", "/state").body.contains(token))
    }
  }
}
