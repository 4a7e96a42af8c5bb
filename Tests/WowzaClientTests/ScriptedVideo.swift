import HTTPTransport
import Secrets
import Testing
import WowzaVideoClient

/// A client of Wowza Video whose server is a script, at a fixed time.
struct ScriptedVideo {
  static let now: Int64 = 1_700_000_000

  let client: WowzaVideoClient
  let transport: ScriptedTransport

  init(_ lines: ScriptedTransport.Line...) throws {
    try self.init("v1.11", .bearer(Secret("canary-token")), lines: lines)
  }

  init(_ version: String, _ credentials: WowzaVideoCredentials, _ lines: ScriptedTransport.Line...) throws {
    try self.init(version, credentials, lines: lines)
  }

  private init(_ version: String, _ credentials: WowzaVideoCredentials, lines: [ScriptedTransport.Line]) throws {
    let transport = ScriptedTransport(lines)
    self.transport = transport
    client = WowzaVideoClient(
      baseURL: "https://api.video.example.com", version: try #require(WowzaVideoVersion(version)),
      credentials: { credentials }, transport: transport, now: { Self.now })
  }
}
