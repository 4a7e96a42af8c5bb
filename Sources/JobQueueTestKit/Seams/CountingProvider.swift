public import JobQueue

/// A provider without idempotency keys: every create that reaches it makes one more thing. It can lose its answers.
public actor CountingProvider {
  /// What becomes of one request to create.
  public enum Answer: Sendable, Hashable, CaseIterable {
    /// The thing is made and the answer arrives.
    case arrives
    /// The thing is made, the answer is lost: nobody knows.
    case lostAfterEffect
    /// Nothing is made and no answer comes: nobody knows.
    case lostBeforeEffect
    /// Nothing is made and the answer says so.
    case refused
    /// Nothing is made, because the account has no room for another thing.
    case limitReached
  }

  /// Something that the provider holds.
  public struct Thing: Sendable, Hashable, Codable {
    /// The provider's own number.
    public var id: Int
    /// The natural key that it was asked for under.
    public var name: String
    /// When it was made, by the provider's clock.
    public var createdAt: Timestamp
  }

  /// A create that did not answer with a thing.
  public struct Failure: EffectCertainty, BudgetRefusal, Sendable, Hashable {
    /// What became of it.
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

  /// More than one thing of a name: a person must look.
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
  /// How many requests to create reached it.
  public private(set) var creations = 0
  /// How often it was asked whether something is there.
  public private(set) var looks = 0

  /// Creates a provider that holds nothing. A new thing stays out of sight for a `lag`, as behind a cache.
  public init(clock: VirtualClock = VirtualClock(), lag: Duration = .zero) {
    self.clock = clock
    self.lag = lag
  }

  /// Decides the answers to the next requests to create; later ones arrive.
  public func answer(_ answers: [Answer]) {
    script = answers
  }

  /// Asks for a thing.
  /// - Throws: ``Failure``.
  public func create(_ name: String) throws -> Thing {
    try create(name, answer: script.isEmpty ? .arrives : script.removeFirst())
  }

  /// Asks for a thing, with a decided answer.
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

  /// The thing of a name, when it can be seen already.
  /// - Throws: ``Ambiguous``.
  public func find(_ name: String) throws -> Thing? {
    looks += 1
    let found = things.filter { $0.thing.name == name && $0.visibleFrom <= clock.passed }
    guard found.count < 2 else { throw Ambiguous(name: name, count: found.count) }
    return found.first?.thing
  }

  /// Everything that it holds, seen or not yet, oldest first.
  public func list() -> [Thing] {
    things.map(\.thing)
  }

  /// How many things of a name it holds, seen or not yet.
  public func count(_ name: String) -> Int {
    things.count { $0.thing.name == name }
  }
}
