import HTTPTransport
import JobQueue
import JobQueueTestKit
import Synchronization
import TestServers
import Testing

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
      var relayed = given
      relayed.clients = try clients(
        StandInsPorts(
          control: ports.control, engines: ["fra1": Int(engine.port)], video: Int(video.port), s3: ports.s3),
        given.transport, given.clock)
      try await body(relayed)
    }
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
