import Testing

@testable import rundown_standins

@Suite("The Wowza Video stand-in asks who calls")
struct VideoAuthenticationTests {
  static let apiKey = String(repeating: "0123456789abcdef", count: 4)
  static let accessKey = String(repeating: "fedcba9876543210", count: 4)
  /// The vector of the reference: this key, timestamp 1700000000, path /api/v1.7/live_streams.
  static let signature = "ab3e1d44c7dd09bb7c7ce71ef8f374aeae17218b72c927dfed4db663a398c632"

  static func signed(_ timestamp: String = "1700000000") -> [String: String] {
    ["wsc-access-key": accessKey, "wsc-timestamp": timestamp, "wsc-signature": signature]
  }

  static let keys = ["wsc-access-key": accessKey, "wsc-api-key": apiKey]

  @Test("takes the signature of the reference, whatever the query and a trailing slash say")
  func signature() async throws {
    try await Given.standIns { given in
      for target in ["/api/v1.7/live_streams", "/api/v1.7/live_streams?page=1", "/api/v1.7/live_streams/"] {
        let answer = try await given.video("GET", target, headers: Self.signed())
        #expect(answer.status == 200, "\(target)")
      }
    }
  }

  @Test("refuses a signature made for another path, another version or in milliseconds")
  func wrongSignature() async throws {
    try await Given.standIns { given in
      let requests = [
        ("/api/v1.7/stream_targets/fastly", "1700000000"), ("/api/v1.8/live_streams", "1700000000"),
        ("/api/v1.7/live_streams", "1700000000000"), ("/api/v1.7/live_streams", "1700000001"),
      ]
      for (target, timestamp) in requests {
        let answer = try await given.video("GET", target, headers: Self.signed(timestamp))
        #expect(answer.status == 401)
        #expect(try answer.text("meta", "code") == "ERR-401-InvalidSignature", "\(target) \(timestamp)")
      }
    }
  }

  @Test("lets the clocks differ by 15 seconds and no more")
  func clock() async throws {
    try await Given.standIns { given in
      given.clock.advance(15)
      #expect(try await given.video("GET", "/api/v1.7/live_streams", headers: Self.signed()).status == 200)
      given.clock.advance(1)
      let late = try await given.video("GET", "/api/v1.7/live_streams", headers: Self.signed())
      #expect(try late.text("meta", "code") == "ERR-401-InvalidSignature")
      given.clock.advance(-32)
      let early = try await given.video("GET", "/api/v1.7/live_streams", headers: Self.signed())
      #expect(try early.text("meta", "code") == "ERR-401-InvalidSignature")
    }
  }

  @Test("takes keys and signatures up to 1.8 and bearers from 1.8", arguments: VideoVersion.allCases)
  func kinds(version: VideoVersion) async throws {
    let takesKeys = ["1.6", "1.7", "1.8"].contains(version.rawValue)
    let takesBearer = !["1.6", "1.7"].contains(version.rawValue)
    try await Given.standIns { given in
      let target = "/api/v\(version.rawValue)/live_streams"
      #expect(try await given.video("GET", target, headers: Self.keys).status == (takesKeys ? 200 : 401))
      #expect(try await given.video("GET", target).status == (takesBearer ? 200 : 401))
      let bare = try await given.video("GET", target, headers: [:])
      #expect(bare.status == 401)
      #expect(try bare.text("meta", "code") == "ERR-401-NoApiKey")
    }
  }

  @Test(
    "names what is wrong with the credentials",
    arguments: [
      (["wsc-api-key": apiKey], "ERR-401-NoAccessKey"),
      (["wsc-access-key": accessKey], "ERR-401-NoApiKey"),
      (["wsc-access-key": accessKey, "wsc-api-key": accessKey], "ERR-401-InvalidApiKey"),
      (["wsc-access-key": apiKey, "wsc-api-key": apiKey], "ERR-401-InvalidAccessKey"),
      (["wsc-access-key": accessKey, "wsc-api-key": "short"], "ERR-401-InvalidKeyLength"),
      (["Authorization": "Bearer nobody"], "ERR-401-InvalidToken"),
      (["Authorization": "Bearer standin-expired-token"], "ERR-401-ExpiredToken"),
    ])
  func codes(headers: [String: String], code: String) async throws {
    try await Given.standIns { given in
      let answer = try await given.video("GET", "/api/v1.8/live_streams", headers: headers)
      #expect(answer.status == 401)
      #expect(try answer.text("meta", "code") == code)
    }
  }

  @Test("knows its versions and no others")
  func versions() async throws {
    try await Given.standIns { given in
      let versions = try await given.video("GET", "/api/versions", headers: [:])
      #expect(try versions.text("1.11", "base_uri") == "/api/v1.11")
      #expect(try await given.video("GET", "/api/v1.5/live_streams").status == 404)
    }
  }
}
