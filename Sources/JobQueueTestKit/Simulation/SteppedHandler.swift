import JobQueue

/// One attempt under step-by-step control: the worker's code and its handler run only between two orders and stand
/// still everywhere else.
///
/// One task runs at a time, so that a seed gives the same run every time.
actor SteppedHandler {
  /// Where the attempt is now.
  enum Event: Sendable {
    case parked(String)
    /// The worker is done with it.
    case ended
  }

  /// What it is ordered to do next.
  enum Order: Sendable {
    /// Go on; a request to the provider has this result.
    case goOn(CountingProvider.Answer)
    /// The handler ends like this; nil if it is done.
    case end((any Error)?)
    /// Its process is gone.
    case crash
  }

  /// What the handler is to do.
  struct Assignment: Sendable {
    let things: [String]
    let budget: BudgetDemand?
    let gate: String?
    /// The collection in which it records what it creates.
    let collection: String
    /// Whether it goes on when it is told to stop.
    let ignoresItsEnd: Bool
  }

  /// A request is about to be sent to the provider.
  static let sending = "sending"
  /// About to look at the provider.
  static let looking = "looking"
  /// The handler has created everything.
  static let ending = "ending"

  /// The stepped handler that the running task belongs to.
  @TaskLocal static var current: SteppedHandler?
  /// Whether the running task is the handler, and not the worker's code around it.
  @TaskLocal static var isHandler = false

  /// Something that runs independently.
  private enum Party {
    /// The attempt as a whole: while the worker waits for its handler, only one of the two runs.
    case attempt
    /// A handler that its worker has abandoned.
    case leftHandler
  }

  /// Where a party stands, and who waits for it to get there.
  private struct Lane {
    var listener: CheckedContinuation<Event, Never>?
    var untold: [Event] = []
    var standing: CheckedContinuation<Order, Never>?
    var isUnderWay = false
  }

  let assignment: Assignment
  private var lanes: [Party: Lane] = [:]
  /// Whether the attempt stands inside its handler.
  private(set) var standsInHandler = false
  /// Whether the worker has abandoned the handler.
  private(set) var isHandlerLeft = false
  private var storeCalls: [StoreCall] = []
  private var sent: CountingProvider.Answer?
  /// What happens to the store's answer to the handler's next write.
  private var loss: LossyStore.Loss?
  /// Whether its process is gone.
  private(set) var isDead = false

  init(_ assignment: Assignment) {
    self.assignment = assignment
  }

  /// Starts the attempt; returns where it stands first.
  func start(_ body: @escaping @Sendable () async -> Void) async -> Event {
    lanes[.attempt, default: Lane()].isUnderWay = true
    Task {
      await Self.$current.withValue(self) { await body() }
      notify(.ended, of: .attempt)
    }
    return await next()
  }

  /// Lets the attempt go on; returns where it stands next.
  func resume(_ order: Order) async -> Event { await resume(order, .attempt) }

  /// Lets the attempt go on until it waits for something else.
  func letGo(_ order: Order) { letGo(order, .attempt) }

  /// Returns where it stands next.
  func next() async -> Event { await next(of: .attempt) }

  private func resume(_ order: Order, _ party: Party) async -> Event {
    // A party that has ended reports nothing more.
    guard lanes[party]?.standing != nil else { return .ended }
    letGo(order, party)
    return await next(of: party)
  }

  private func letGo(_ order: Order, _ party: Party) {
    let standing = lanes[party]?.standing
    lanes[party]?.standing = nil
    standing?.resume(returning: order)
  }

  private func next(of party: Party) async -> Event {
    if let first = lanes[party]?.untold.first {
      lanes[party]?.untold.removeFirst()
      return first
    }
    return await withCheckedContinuation { lanes[party, default: Lane()].listener = $0 }
  }

  // MARK: A handler that is left to itself

  /// The worker abandons the handler where it stands: from now on they run independently.
  func leaveHandler() {
    isHandlerLeft = true
    lanes[.leftHandler] = Lane(standing: lanes[.attempt]?.standing, isUnderWay: true)
    lanes[.attempt]?.standing = nil
  }

  /// Lets an abandoned handler go on; returns where it stands next.
  func resumeLeftHandler(_ order: Order) async -> Event { await resume(order, .leftHandler) }

  /// Runs the handler, so that its code can be recognised, and reports its end if nobody else waits for it.
  nonisolated func handling(_ run: () async throws -> String) async throws -> String {
    let result: Result<String, any Error>
    do {
      result = .success(try await Self.$isHandler.withValue(true) { try await run() })
    } catch {
      result = .failure(error)
    }
    await handlerEnded()
    return try result.get()
  }

  private func handlerEnded() {
    if isHandlerLeft { notify(.ended, of: .leftHandler) }
  }

  /// Its process is gone: nothing that it does gets through any more.
  func kill() { isDead = true }

  /// Lets an attempt whose process is gone end, wherever it stands.
  func end() async {
    for party in [Party.attempt, .leftHandler] {
      while lanes[party]?.isUnderWay == true {
        if lanes[party]?.standing != nil { letGo(.crash, party) }
        _ = await next(of: party)
      }
    }
  }

  /// Stands still until the next order.
  /// - Throws: a simulated crash if its process is gone.
  func park(_ place: String) async throws -> Order {
    let crash = SimulatedCrash(at: FaultPoint(rawValue: place))
    guard !isDead else { throw crash }
    let party: Party = Self.isHandler && isHandlerLeft ? .leftHandler : .attempt
    if party == .attempt { standsInHandler = Self.isHandler }
    let order = await withCheckedContinuation { standing in
      lanes[party, default: Lane()].standing = standing
      notify(.parked(place), of: party)
    }
    if case .crash = order { isDead = true }
    guard !isDead else { throw crash }
    return order
  }

  /// The same at a place where a handler notices that its task was cancelled, if it heeds that. Returns the result of a
  /// request to the provider.
  @discardableResult
  func parkInHandler(_ place: String) async throws -> CountingProvider.Answer {
    let order = try await park(place)
    if !assignment.ignoresItsEnd { try Task.checkCancellation() }
    switch order {
    case .goOn(let answer):
      if place == Self.sending { sent = answer }
      return answer
    case .end(let error?): throw error
    case .end, .crash: return .arrives
    }
  }

  /// Loses the answer to the handler's next write.
  func lose(_ loss: LossyStore.Loss?) { self.loss = loss }

  func takeLoss() -> LossyStore.Loss? {
    defer { loss = nil }
    return loss
  }

  /// Records a call between the handler and the store.
  func note(_ storeCall: StoreCall) { storeCalls.append(storeCall) }

  /// The calls since this was last called.
  func takeStoreCalls() -> [StoreCall] {
    defer { storeCalls = [] }
    return storeCalls
  }

  /// The request that was sent since this was last called.
  func takeSent() -> CountingProvider.Answer? {
    defer { sent = nil }
    return sent
  }

  private func notify(_ event: Event, of party: Party) {
    if case .ended = event { lanes[party]?.isUnderWay = false }
    guard let listener = lanes[party]?.listener else { return lanes[party, default: Lane()].untold.append(event) }
    lanes[party]?.listener = nil
    listener.resume(returning: event)
  }
}

/// The fault points of all attempts: each attempt stops at them on its own handler.
struct SteppedFaults: FaultInjector {
  func reached(_ point: FaultPoint) async throws {
    _ = try await SteppedHandler.current?.park(point.rawValue)
  }
}

/// The clock of the workers. It wakes a duty's loop when the run says so, and nothing else: the run also decides when a
/// handler that was told to stop is abandoned.
struct PatientClock: QueueClock {
  let base: VirtualClock
  /// Whether duties sleep for longer than they should.
  var oversleeps = false

  func now() -> Timestamp { base.now() }

  func sleep(until deadline: Timestamp) async throws {
    if let loop = SteppedLoop.current { return try await loop.sleep(for: (deadline - now()) * (oversleeps ? 2 : 1)) }
    for await _ in AsyncStream(Void.self, { _ in }) {}
    try Task.checkCancellation()
  }
}
