import JobQueue

/// One attempt on strings: the worker's code and the handler in it run only between two orders and stand still everywhere
/// else.
///
/// One task runs at a time, so that a seed gives the same story every time.
actor Strand {
  /// Where the attempt is now.
  enum Event: Sendable {
    case parked(String)
    /// The worker is done with it.
    case ended
  }

  /// What it is told to do next.
  enum Order: Sendable {
    /// Go on; a request to the provider fares like this.
    case goOn(CountingProvider.Answer)
    /// The handler ends like this; nil when it is done.
    case end((any Error)?)
    /// Its process is gone.
    case crash
  }

  /// What the handler is to do.
  struct Assignment: Sendable {
    let things: [String]
    let budget: BudgetDemand?
    let gate: String?
    /// Where what it makes is recorded.
    let collection: String
  }

  /// A request is about to leave for the provider.
  static let sending = "sending"
  /// About to look at the provider.
  static let looking = "looking"
  /// The handler has made everything.
  static let ending = "ending"

  /// The strand that the running task is on.
  @TaskLocal static var current: Strand?

  let assignment: Assignment
  private var listener: CheckedContinuation<Event, Never>?
  private var untold: [Event] = []
  private var standing: CheckedContinuation<Order, Never>?
  private var dealings: [Dealing] = []
  private var sent: CountingProvider.Answer?
  private var isUnderWay = false
  /// How the store's answer to the handler's next write fares.
  private var loss: LossyStore.Loss?
  /// Whether its process is gone.
  private(set) var isDead = false

  init(_ assignment: Assignment) {
    self.assignment = assignment
  }

  /// Starts the attempt; returns where it stands first.
  func start(_ body: @escaping @Sendable () async -> Void) async -> Event {
    isUnderWay = true
    Task {
      await Self.$current.withValue(self) { await body() }
      tell(.ended)
    }
    return await next()
  }

  /// Lets the attempt go on; returns where it stands next.
  func resume(_ order: Order) async -> Event {
    // Of one that has ended nothing more is heard.
    guard standing != nil else { return .ended }
    letGo(order)
    return await next()
  }

  /// Lets the attempt go on to where it waits for somebody else.
  func letGo(_ order: Order) {
    let standing = self.standing
    self.standing = nil
    standing?.resume(returning: order)
  }

  /// Where it stands next.
  func next() async -> Event {
    guard untold.isEmpty else { return untold.removeFirst() }
    return await withCheckedContinuation { listener = $0 }
  }

  /// Its process is gone: nothing of it gets through any more.
  func kill() { isDead = true }

  /// Lets an attempt end whose process is gone, wherever it stands.
  func end() async {
    while isUnderWay {
      if standing != nil { letGo(.crash) }
      _ = await next()
    }
  }

  /// Stands still until the next order.
  /// - Throws: that its process is gone.
  func park(_ place: String) async throws -> Order {
    let crash = SimulatedCrash(at: FaultPoint(rawValue: place))
    guard !isDead else { throw crash }
    let order = await withCheckedContinuation { standing in
      self.standing = standing
      tell(.parked(place))
    }
    if case .crash = order { isDead = true }
    guard !isDead else { throw crash }
    return order
  }

  /// The same where a handler notices that its task was cancelled. Gives how a request to the provider is to fare.
  @discardableResult
  func parkInHandler(_ place: String) async throws -> CountingProvider.Answer {
    let order = try await park(place)
    try Task.checkCancellation()
    switch order {
    case .goOn(let answer):
      if place == Self.sending { sent = answer }
      return answer
    case .end(let error?): throw error
    case .end, .crash: return .arrives
    }
  }

  /// The answer to the handler's next write gets lost.
  func lose(_ loss: LossyStore.Loss?) { self.loss = loss }

  func takeLoss() -> LossyStore.Loss? {
    defer { loss = nil }
    return loss
  }

  /// Notes what the handler and the store dealt with each other.
  func note(_ dealing: Dealing) { dealings.append(dealing) }

  /// What was dealt since the last call.
  func takeDealings() -> [Dealing] {
    defer { dealings = [] }
    return dealings
  }

  /// The request that left since the last call.
  func takeSent() -> CountingProvider.Answer? {
    defer { sent = nil }
    return sent
  }

  private func tell(_ event: Event) {
    if case .ended = event { isUnderWay = false }
    guard let listener else { return untold.append(event) }
    self.listener = nil
    listener.resume(returning: event)
  }
}

/// The fault points of all attempts: each one stops on its own strand.
struct StrandFaults: FaultInjector {
  func reached(_ point: FaultPoint) async throws {
    _ = try await Strand.current?.park(point.rawValue)
  }
}

/// The clock that attempts go by. It wakes nobody: a handler that is told to stop is given the time to do so.
struct PatientClock: QueueClock {
  let base: VirtualClock

  func now() -> Timestamp { base.now() }

  func sleep(until deadline: Timestamp) async throws {
    for await _ in AsyncStream(Void.self, { _ in }) {}
    try Task.checkCancellation()
  }
}
