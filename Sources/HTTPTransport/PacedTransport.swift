/// A transport that limits the number of requests per second, whoever sends them: for an account that tolerates no
/// more.
public struct PacedTransport: HTTPTransport {
  private let base: any HTTPTransport
  private let pace: RequestPace

  /// Puts a pace in front of a transport. Clients of one account share the pace.
  public init(_ base: any HTTPTransport, pace: RequestPace) {
    self.base = base
    self.pace = pace
  }

  /// Waits for its turn, then performs the exchange. The wait does not count towards the request's own time limits.
  public func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
    do {
      try await pace.turn()
    } catch {
      throw HTTPTransportError(
        code: .cancelled, delivery: .notSent, target: "\(request.method.shown) \(ShownURL(request.url))",
        cause: "cancelled while waiting for its turn")
    }
    return try await base.send(request)
  }
}

/// At most `count` turns within any second.
///
/// Turns are given in the order in which they were requested. The turn of a task that was cancelled meanwhile is lost
/// for everybody, so the pace is never exceeded and nothing has to be given back.
public actor RequestPace {
  private let now: @Sendable () -> Duration
  private let sleep: @Sendable (Duration) async throws -> Void
  /// When the last `count` turns were or will be, oldest at `next`; a turn may be one second after the oldest.
  private var turns: [Duration?]
  private var next = 0

  /// Creates a pace.
  /// - Parameters:
  ///   - count: turns per second, at least 1.
  ///   - now: a time that never goes back.
  public init(
    perSecond count: Int, now: @escaping @Sendable () -> Duration,
    sleep: @escaping @Sendable (Duration) async throws -> Void
  ) {
    turns = Array(repeating: nil, count: max(1, count))
    self.now = now
    self.sleep = sleep
  }

  /// Returns when a request may be sent.
  /// - Throws: `CancellationError` if the task is cancelled first.
  public func turn() async throws {
    let now = now()
    let turn = max(now, turns[next].map { $0 + .seconds(1) } ?? now)
    turns[next] = turn
    next = (next + 1) % turns.count
    if turn > now { try await sleep(turn - now) }
  }
}
