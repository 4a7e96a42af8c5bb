import HTTPTransport
import Secrets
import Testing
import WowzaVideoClient

@Suite("Versions of Wowza Video")
struct VideoVersionTests {
  @Test(
    "decide about paths, credentials and features",
    arguments: [
      // version, path word, keys, bearer, assets, delivery_protocols, url_suffix
      ("v1.6", "fastly", true, false, false, false, false),
      ("v1.7", "fastly", true, false, false, true, false),
      ("v1.8", "fastly", true, true, true, true, false),
      ("v1.9", "fastly", false, true, true, true, false),
      ("v1.10", "fastly", false, true, true, true, false),
      ("v1.11", "fastly", false, true, true, true, false),
      ("v2.0", "wowza_cdn", false, true, true, true, true),
    ])
  func table(
    text: String, word: String, keys: Bool, bearer: Bool, assets: Bool, protocols: Bool, suffix: Bool
  ) throws {
    let version = try #require(WowzaVideoVersion(text))
    #expect(version.targetWord == word)
    #expect(version.takesKeys == keys)
    #expect(version.takesBearer == bearer)
    #expect(version.hasAssets == assets)
    #expect(version.hasDeliveryProtocols == protocols)
    #expect(version.hasURLSuffix == suffix)
    #expect("\(version)" == text)
    #expect(WowzaVideoVersion(String(text.dropFirst())) == version)
  }

  @Test("are refused when nobody has specified them", arguments: ["", "v", "1", "v1.5", "v1.12", "v2.1", "vv2.0", "2"])
  func unknown(text: String) {
    #expect(WowzaVideoVersion(text) == nil)
  }

  @Test("refuse credentials and features of other versions before anything is sent")
  func refusesBeforeSending() async throws {
    let keys = WowzaVideoCredentials.apiKey(key: Given.apiKey, accessKey: Given.accessKey)
    let hmac = WowzaVideoCredentials.hmac(key: Given.apiKey, accessKey: Given.accessKey)
    for (version, credentials) in [("v1.7", Given.token), ("v1.9", keys), ("v2.0", hmac)] {
      let video = try ScriptedVideo(version, credentials)
      let error = try await providerError { try await video.client.liveStreams() }
      #expect(error.code == "unsupported-version")
      #expect(error.delivery == .notSent)
      let asked = await video.transport.asked
      #expect(asked.isEmpty)
    }
    let old = try ScriptedVideo("v1.7", keys)
    let noAssets = try await providerError { try await old.client.restream(asset: "a1") }
    #expect(noAssets.code == "unsupported-version")
    let noSuffix = try await providerError {
      try await old.client.createStreamTarget(NewStreamTarget(name: "n", urlSuffix: "x"))
    }
    #expect(noSuffix.message == "v1.7 has no url_suffix")
    let asked = await old.transport.asked
    #expect(asked.isEmpty)
  }
}
