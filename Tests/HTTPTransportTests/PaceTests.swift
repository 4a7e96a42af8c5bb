import HTTPTransport
import Testing

@Suite("The pace of requests")
struct PaceTests {
  /// A time that goes on only when somebody sleeps, as if nothing else took any.
  private actor Sleeps {
    private(set) var time: Duration = .zero
    private(set) var slept: [Duration] = []

    func sleep(_ duration: Duration) {
      slept.append(duration)
    }
  }

  @Test("five requests go at once, each further one a second after the fifth before it")
  func sliding() async throws {
    let sleeps = Sleeps()
    let pace = RequestPace(perSecond: 5, now: { .zero }, sleep: { await sleeps.sleep($0) })
    for _ in 0..<12 { try await pace.turn() }
    let expected = [1, 1, 1, 1, 1, 2, 2].map { Duration.seconds($0) }
    #expect(await sleeps.slept == expected)
  }

  @Test("no second holds more turns than allowed, whenever they are asked for", arguments: 1...20)
  func neverMore(seed: Int) async throws {
    let clock = Clock(seed: UInt64(seed))
    let count = 1 + seed % 6
    let pace = RequestPace(perSecond: count, now: { clock.now }, sleep: { clock.advance($0) })
    var turns: [Duration] = []
    for _ in 0..<60 {
      clock.advance(.milliseconds(clock.draw(400)))
      try await pace.turn()
      turns.append(clock.now)
    }
    for index in turns.indices.dropFirst(count) {
      #expect(turns[index] - turns[index - count] >= .seconds(1), "seed \(seed)")
    }
  }

  @Test("a cancelled wait sends nothing and says so")
  func cancelled() async {
    let pace = RequestPace(perSecond: 1, now: { .zero }, sleep: { _ in throw CancellationError() })
    let transport = PacedTransport(Refusing(), pace: pace)
    _ = await #expect(throws: HTTPTransportError.self) { try await transport.send(HTTPRequest(url: "http://a/")) }
    let error = await #expect(throws: HTTPTransportError.self) {
      try await transport.send(HTTPRequest(url: "http://a/"))
    }
    #expect(error?.code == .cancelled)
    #expect(error?.delivery == .notSent)
  }

  private struct Refusing: HTTPTransport {
    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
      throw HTTPTransportError(code: .connect, delivery: .notSent, target: "GET http://a/", cause: "nobody is there")
    }
  }
}

// @unchecked is sound: a test uses it from one task only, and the pace calls it while that task waits for it.
private final class Clock: @unchecked Sendable {
  private(set) var now: Duration = .zero
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  func advance(_ duration: Duration) { now += duration }

  func draw(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }
}
