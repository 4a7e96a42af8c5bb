import HTTPTransport
import Secrets
import Testing
import WowzaVideoClient

/// A client of Wowza Video whose server is a script, at a fixed time.
struct ScriptedVideo {
  static let now: Int64 = 1_700_000_000

  let client: WowzaVideoClient
  let transport: ScriptedTransport

  init(
    _ version: String = "v1.11", _ credentials: WowzaVideoCredentials = .bearer(Secret("canary-token")),
    _ lines: ScriptedTransport.Line...
  ) throws {
    let transport = ScriptedTransport(lines)
    self.transport = transport
    client = WowzaVideoClient(
      baseURL: "https://api.video.example.com", version: try #require(WowzaVideoVersion(version)),
      credentials: { credentials }, transport: transport, now: { Self.now })
  }

  init(_ lines: ScriptedTransport.Line...) throws {
    let transport = ScriptedTransport(lines)
    self.transport = transport
    client = WowzaVideoClient(
      baseURL: "https://api.video.example.com", version: try #require(WowzaVideoVersion("v1.11")),
      credentials: { .bearer(Secret("canary-token")) }, transport: transport, now: { Self.now })
  }
}
