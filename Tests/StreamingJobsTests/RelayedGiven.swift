import HTTPTransport
import JobQueue
import JobQueueTestKit
import Secrets
import StreamingJobs
import Synchronization
import TestServers
import Testing
import WowzaEngineClient
import WowzaVideoClient

extension Given {
  /// Runs `body` with relays between the clients and the stand-ins, which are asked as ever and say something else.
  static func relayed(
    _ change: @escaping @Sendable (Relay.Ask, Relay.Answer) -> Relay.Answer, body: (Given) async throws -> Void
  ) async throws {
    try await standIns { given in
      let ports = given.standIns.ports
      let video = try Relay(to: try #require(UInt16(exactly: ports.video)), change)
      defer { video.stop() }
      let engine = try Relay(to: try #require(ports.engines["fra1"].flatMap { UInt16(exactly: $0) }), change)
      defer { engine.stop() }
      try await body(try given.led(through: video, engine))
    }
  }

  /// The same with clients that ask by way of these relays.
  func led(through video: Relay, _ engine: Relay) throws -> Given {
    let clock = clock
    var relayed = self
    relayed.clients.engines["fra1"] = WowzaEngineClient(
      transport: transport, baseURL: "http://127.0.0.1:\(engine.port)",
      credentials: { WowzaEngineCredentials(user: Secret(Self.engineUser), password: Secret(Self.enginePassword)) })
    relayed.clients.accounts["main"] = WowzaVideoClient(
      baseURL: "http://127.0.0.1:\(video.port)", version: try #require(WowzaVideoVersion("v1.11")),
      credentials: { .bearer(Secret(Self.token)) }, transport: transport, now: { clock.now().milliseconds / 1000 })
    return relayed
  }
}

/// Lets something happen a number of times only.
final class Times: Sendable {
  private let left: Mutex<Int>

  private let count: Int

  init(_ count: Int) {
    self.count = count
    left = Mutex(count)
  }

  /// How often it could have happened.
  var asked: Int { count - left.withLock { $0 } }

  /// Whether it is to happen once more.
  func next() -> Bool {
    left.withLock { left in
      left -= 1
      return left >= 0
    }
  }
}
