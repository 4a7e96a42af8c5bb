public import JobQueue

/// A provider without idempotency keys: every create request that reaches it creates one more thing. It can lose its
/// answers.
public actor CountingProvider {
  /// What happens to one create request.
  public enum Answer: Sendable, Hashable, CaseIterable {
    /// The thing is created and the answer arrives.
    case arrives
    /// The thing is created, but the answer is lost: the outcome is unknown to the caller.
    case lostAfterEffect
    /// Nothing is created and no answer comes: the outcome is unknown to the caller.
    case lostBeforeEffect
    /// Nothing is created and the answer says so.
    case refused
    /// Nothing is created, because the account has no room for another thing.
    case limitReached
  }

  /// Something that the provider has.
  public struct Thing: Sendable, Hashable, Codable {
    /// The provider's own number.
    public var id: Int
    /// The natural key of the request for it.
    public var name: String
    /// When it was created, by the provider's clock.
    public var createdAt: Timestamp
  }

  /// The failure of a create request, which returned no thing.
  public struct Failure: EffectCertainty, BudgetRefusal, Sendable, Hashable {
    /// What happened to it.
    public var answer: Answer
    /// Whether the thing may exist, as far as the caller can know.
    public var mayHaveTakenEffect: Bool { answer != .refused && answer != .limitReached }
    /// Whether the provider's own count is full.
    public var saysBudgetIsSpent: Bool { answer == .limitReached }
    /// It never says when to come back.
    public var budgetRetryAfter: Duration? { nil }

    /// Creates a failure.
    public init(answer: Answer) {
      self.answer = answer
    }
  }

  /// There is more than one thing with a name: a person must look.
  public struct Ambiguous: Error, Sendable, Hashable {
    /// The name.
    public var name: String
    /// How many there are.
    public var count: Int

    /// Creates the error.
    public init(name: String, count: Int) {
      self.name = name
      self.count = count
    }
  }

  private let clock: VirtualClock
  private let lag: Duration
  private var things: [(thing: Thing, visibleFrom: Duration)] = []
  private var script: [Answer] = []
  /// How many create requests reached it.
  public private(set) var creations = 0
  /// How often it was asked whether something exists.
  public private(set) var looks = 0

  /// Creates a provider that has nothing. A new thing stays invisible for `lag`, as behind a cache.
  public init(clock: VirtualClock = VirtualClock(), lag: Duration = .zero) {
    self.clock = clock
    self.lag = lag
  }

  /// Decides the answers to the next create requests; the answers to later ones arrive.
  public func answer(_ answers: [Answer]) {
    script = answers
  }

  /// Requests a thing.
  /// - Throws: ``Failure``.
  public func create(_ name: String) throws -> Thing {
    try create(name, answer: script.isEmpty ? .arrives : script.removeFirst())
  }

  /// Requests a thing, with a given answer.
  /// - Throws: ``Failure``.
  public func create(_ name: String, answer: Answer) throws -> Thing {
    creations += 1
    switch answer {
    case .refused, .limitReached, .lostBeforeEffect: throw Failure(answer: answer)
    case .arrives, .lostAfterEffect:
      let thing = Thing(id: things.count + 1, name: name, createdAt: clock.now())
      things.append((thing, clock.passed + lag))
      guard answer == .arrives else { throw Failure(answer: answer) }
      return thing
    }
  }

  /// The thing with a name, if it is visible already.
  /// - Throws: ``Ambiguous``.
  public func find(_ name: String) throws -> Thing? {
    looks += 1
    let found = things.filter { $0.thing.name == name && $0.visibleFrom <= clock.passed }
    guard found.count < 2 else { throw Ambiguous(name: name, count: found.count) }
    return found.first?.thing
  }

  /// Everything that it has, visible or not yet, oldest first.
  public func list() -> [Thing] {
    things.map(\.thing)
  }

  /// How many things with a name it has, visible or not yet.
  public func count(_ name: String) -> Int {
    things.count { $0.thing.name == name }
  }
}
