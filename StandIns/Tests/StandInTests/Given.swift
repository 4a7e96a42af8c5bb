import FoundationEssentials
import Synchronization
import Testing

@testable import rundown_standins

/// Running stand-ins with a clock that only a test moves.
struct Given: Sendable {
  static let map = EngineSite.applicationsPath + "/live/pushpublish/mapentries"

  let standIns: StandIns
  let clock: ManualClock

  /// Runs `body` against fresh stand-ins and stops them, whatever happens.
  static func standIns(
    _ change: (inout StandInsConfiguration) -> Void = { _ in }, _ body: (Given) async throws -> Void
  ) async throws {
    let clock = ManualClock()
    var configuration = StandInsConfiguration()
    configuration.engines = ["fra1": 0, "fra2": 0]
    configuration.engineSettings.authentication = .none
    configuration.time = clock.time
    change(&configuration)
    let standIns = try await StandIns.start(configuration)
    do {
      try await body(Given(standIns: standIns, clock: clock))
    } catch {
      await standIns.stop()
      throw error
    }
    await standIns.stop()
  }

  var enginePort: Int {
    get throws { try #require(standIns.ports.engines["fra1"]) }
  }

  func engine(
    _ method: String, _ target: String, headers: [String: String] = [:], body: String = ""
  ) async throws -> RawAnswer {
    try Self.answer(
      await RawHTTP.send(port: enginePort, method, target, headers: headers, body: body))
  }

  func video(
    _ method: String, _ target: String, headers: [String: String] = ["Authorization": "Bearer standin-token"],
    body: String = ""
  ) async throws -> RawAnswer {
    try Self.answer(
      await RawHTTP.send(port: standIns.ports.video, method, target, headers: headers, body: body))
  }

  @discardableResult
  func control(_ method: String, _ target: String, _ body: String = "") async throws -> RawAnswer {
    try Self.answer(await RawHTTP.send(port: standIns.ports.control, method, target, body: body))
  }

  func counts(_ listener: String...) async throws -> JSONValue {
    var value = try await control("GET", "/counts").json
    for name in listener { value = try #require(value[name]) }
    return value
  }

  static func answer(_ outcome: RawOutcome) throws -> RawAnswer {
    guard case .answer(let answer) = outcome else { throw NoAnswer(outcome: outcome) }
    return answer
  }

  struct NoAnswer: Error {
    let outcome: RawOutcome
  }
}

/// A clock that stands still until a test moves it. Its sleep returns at once and reports how long it was asked for.
final class ManualClock: Sendable {
  private let seconds = Atomic<Int>(1_700_000_000)
  let sleeps: AsyncStream<Double>
  private let report: AsyncStream<Double>.Continuation

  init() {
    (sleeps, report) = AsyncStream.makeStream()
  }

  func advance(_ seconds: Int) {
    self.seconds.add(seconds, ordering: .sequentiallyConsistent)
  }

  var time: StandInTime {
    StandInTime(
      now: { Date(timeIntervalSince1970: Double(self.seconds.load(ordering: .sequentiallyConsistent))) },
      sleep: { self.report.yield($0) })
  }
}

extension RawAnswer {
  var json: JSONValue {
    get throws { try JSONDecoder().decode(JSONValue.self, from: Data(body.utf8)) }
  }

  /// The text at a path of keys.
  func text(_ keys: String...) throws -> String? {
    var value: JSONValue? = try json
    for key in keys { value = value?[key] }
    return value?.string
  }
}

extension JSONValue {
  var elements: [JSONValue] {
    if case .array(let elements) = self { elements } else { [] }
  }
}
