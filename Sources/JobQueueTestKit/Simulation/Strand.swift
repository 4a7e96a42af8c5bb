import JobQueue

/// A handler on strings: it runs only between two orders and stands still everywhere else.
///
/// One task runs at a time, so that a seed gives the same story every time.
actor Strand: FaultInjector {
  /// Where the handler is now.
  enum Event: Sendable {
    case parked(String)
    case ended(Result<String, any Error>)
  }

  /// What it is told to do next.
  enum Order: Sendable {
    /// Go on; a request to the provider fares like this.
    case goOn(CountingProvider.Answer)
    /// Its task was cancelled.
    case cancel
    /// Its process is gone.
    case crash
  }

  /// A request is about to leave for the provider.
  static let sending = "sending"
  /// About to look at the provider.
  static let looking = "looking"

  private var listener: CheckedContinuation<Event, Never>?
  private var standing: CheckedContinuation<Order, Never>?
  private var dealings: [Dealing] = []
  /// How the store's answer to the handler's next write fares.
  private var loss: LossyStore.Loss?
  /// Whether its process is gone.
  private(set) var isDead = false

  /// Starts the handler; returns where it stands first.
  func start(_ body: @escaping @Sendable () async throws -> String) async -> Event {
    await withCheckedContinuation { listener in
      self.listener = listener
      Task {
        let result: Result<String, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        tell(.ended(result))
      }
    }
  }

  /// Lets the handler go on; returns where it stands next.
  func resume(_ order: Order) async -> Event {
    // Of one that has ended, and whose end was not taken in because it broke a promise, nothing more is heard.
    guard let standing else { return .ended(.failure(CancellationError())) }
    self.standing = nil
    return await withCheckedContinuation { listener in
      self.listener = listener
      standing.resume(returning: order)
    }
  }

  /// Stands still until the next order; gives how a request to the provider is to fare.
  /// - Throws: what the order says.
  @discardableResult
  func park(_ place: String) async throws -> CountingProvider.Answer {
    let crash = SimulatedCrash(at: FaultPoint(rawValue: place))
    guard !isDead else { throw crash }
    let order = await withCheckedContinuation { standing in
      self.standing = standing
      tell(.parked(place))
    }
    switch order {
    case .goOn(let answer): return answer
    case .cancel: throw CancellationError()
    case .crash:
      isDead = true
      throw crash
    }
  }

  func reached(_ point: FaultPoint) async throws {
    try await park(point.rawValue)
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

  private func tell(_ event: Event) {
    let listener = self.listener
    self.listener = nil
    listener?.resume(returning: event)
  }
}

/// A store as one process sees it: when the process is gone, nothing of it gets through any more.
struct MortalStore: StoreWrapper {
  let base: any JobStore
  let strand: Strand

  func write(_ entries: [JournalEntry], under lease: Lease, at now: Timestamp) async throws {
    guard await !strand.isDead else { throw SimulatedCrash(at: FaultPoint(rawValue: "write")) }
    try await base.write(entries, under: lease, at: now)
    await strand.note(.wrote(entries, lease, at: now))
  }

  func ask(
    _ demand: BudgetDemand, for effect: String?, under lease: Lease, at now: Timestamp
  ) async throws -> BudgetAnswer {
    guard await !strand.isDead else { throw SimulatedCrash(at: FaultPoint(rawValue: "ask")) }
    let answer = try await base.ask(demand, for: effect, under: lease, at: now)
    await strand.note(.asked(effect: effect, lease, at: now, answer))
    return answer
  }
}
