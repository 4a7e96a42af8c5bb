import FoundationEssentials
import Testing

@testable import rundown_standins

@Suite("The engine stand-in asks who calls")
struct EngineAuthenticationTests {
  /// The client's side of a Digest exchange (RFC 7616), from the challenge that it was sent.
  struct Handshake {
    let nonce: String
    let algorithm: String
    var password = "wse-secret"

    init(_ refused: RawAnswer) throws {
      #expect(refused.status == 401)
      #expect(try refused.text("code") == "401")
      let challenge = try #require(refused.headers["www-authenticate"])
      #expect(challenge.hasPrefix("Digest realm=\"Wowza\""))
      #expect(challenge.contains("qop=\"auth\""))
      nonce = String(try #require(challenge.split(separator: "nonce=\"").last?.split(separator: "\"").first))
      algorithm = challenge.contains("algorithm=SHA-256") ? "SHA-256" : "MD5"
    }

    func header(_ method: String, _ target: String, count: String = "00000001") -> [String: String] {
      let hash = algorithm == "MD5" ? ReferenceDigest.md5 : ReferenceDigest.sha256
      let secret = hash("wse:Wowza:\(password)")
      let response = hash("\(secret):\(nonce):\(count):c0ffee:auth:" + hash("\(method):\(target)"))
      return [
        "Authorization":
          "Digest username=\"wse\", realm=\"Wowza\", nonce=\"\(nonce)\", uri=\"\(target)\", algorithm=\(algorithm), "
          + "qop=auth, nc=\(count), cnonce=\"c0ffee\", response=\"\(response)\""
      ]
    }
  }

  @Test("with Basic: only the right pair gets in")
  func basic() async throws {
    try await Given.standIns({ $0.engineSettings.authentication = .basic }) { given in
      let without = try await given.engine("GET", Given.map)
      #expect(without.status == 401)
      #expect(without.headers["www-authenticate"] == "Basic realm=\"Wowza\"")
      #expect(try without.text("message") == "The request requires user authentication")
      // base64 of wse:wse-secret and of wse:wrong
      let right = ["Authorization": "Basic d3NlOndzZS1zZWNyZXQ="]
      #expect(try await given.engine("GET", Given.map, headers: right).status == 200)
      let wrong = ["Authorization": "Basic d3NlOndyb25n"]
      #expect(try await given.engine("GET", Given.map, headers: wrong).status == 401)
    }
  }

  @Test(
    "with Digest: the right response gets in, a wrong password does not",
    arguments: [EngineSettings.Authentication.digestMD5, .digestSHA256])
  func digest(mode: EngineSettings.Authentication) async throws {
    try await Given.standIns({ $0.engineSettings.authentication = mode }) { given in
      var handshake = try Handshake(await given.engine("GET", Given.map))
      #expect(handshake.algorithm == (mode == .digestMD5 ? "MD5" : "SHA-256"))
      let right = handshake.header("GET", Given.map)
      #expect(try await given.engine("GET", Given.map, headers: right).status == 200)
      handshake.password = "wrong"
      let wrong = handshake.header("GET", Given.map, count: "00000002")
      #expect(try await given.engine("GET", Given.map, headers: wrong).status == 401)
    }
  }

  @Test("with Digest: a response made for another method or path does not get in")
  func digestIsBound() async throws {
    try await Given.standIns({ $0.engineSettings.authentication = .digestMD5 }) { given in
      let handshake = try Handshake(await given.engine("GET", Given.map))
      let header = handshake.header("GET", Given.map)
      #expect(try await given.engine("DELETE", Given.map, headers: header).status == 401)
      #expect(try await given.engine("GET", Given.map + "/cam", headers: header).status == 401)
    }
  }

  @Test("with Digest: every count of a nonce serves once, the next one serves again")
  func nonceCount() async throws {
    try await Given.standIns({ $0.engineSettings.authentication = .digestMD5 }) { given in
      let handshake = try Handshake(await given.engine("GET", Given.map))
      let first = handshake.header("GET", Given.map)
      #expect(try await given.engine("GET", Given.map, headers: first).status == 200)
      let replayed = try await given.engine("GET", Given.map, headers: first)
      #expect(replayed.status == 401)
      #expect(replayed.headers["www-authenticate"]?.contains("stale") == false)
      let second = handshake.header("GET", Given.map, count: "00000002")
      #expect(try await given.engine("GET", Given.map, headers: second).status == 200)
    }
  }

  @Test("with Digest: an old nonce is called stale, and the new one gets in")
  func staleNonce() async throws {
    try await Given.standIns({ $0.engineSettings.authentication = .digestSHA256 }) { given in
      let handshake = try Handshake(await given.engine("GET", Given.map))
      given.clock.advance(300)
      let stale = try await given.engine("GET", Given.map, headers: handshake.header("GET", Given.map))
      #expect(stale.status == 401)
      #expect(stale.headers["www-authenticate"]?.contains("stale=true") == true)
      let renewed = try Handshake(stale).header("GET", Given.map)
      #expect(try await given.engine("GET", Given.map, headers: renewed).status == 200)
    }
  }
}
