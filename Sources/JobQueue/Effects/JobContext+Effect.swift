extension JobContext {
  /// Makes something exist at a provider exactly once, whenever and however often anything crashes.
  ///
  /// The walk: a recorded result is returned without any call. Otherwise `find` looks whether the thing is there, and
  /// adopts it. Only when it is not, the intent is written down (durable, and fenced, so that a worker that lost its
  /// lease stops here), `perform` asks for it, and the result is written down.
  ///
  /// After an attempt that ended between intent and result the outcome is unknown. The provider may serve an old answer
  /// from a cache, so the next look waits until `readDelay` has passed since that attempt's end. And it may still be at
  /// work on the request: what is not there is looked for again and again, and asked for again only when it was looked for
  /// during `lateEffectWindow`, in which no outage counts.
  ///
  /// - Parameters:
  ///   - name: the effect's name inside the job.
  ///   - readDelay: how long after an unknown outcome the provider may need until a look can be trusted.
  ///   - lateEffectWindow: how long after it the provider, while it works, may still make what was asked for. Zero where asking
  ///     twice makes nothing twice: the provider refuses a second one of a name, or replaces the first. At most an hour:
  ///     for so long stores keep an intent whose end nobody knows beyond its job's retention.
  ///   - budget: what the provider lets an account make only so many of. A unit is taken together with the intent, and
  ///     given back when nothing was made; when there is none, the job comes back when its turn comes.
  ///   - claim: a key for the result that no other job's effect may hold; for things without a natural key.
  ///   - sharesDoubts: whether another job of this one's concurrency key may have asked for the same thing, or for one
  ///     that must not stand beside it, as an effect of this name. While nobody knows what became of that, this job looks
  ///     too, as after a lost answer of its own.
  ///   - find: looks for the thing by its natural key, never by luck. It is given what is known of earlier intents, of
  ///     another job's where doubts are shared; nil means that this job never asked, so nothing of ours can be there but
  ///     by a natural key.
  ///   - perform: asks for it, knowing what `find` saw in its place; called at most once per attempt.
  /// - Throws: ``Verdict/snooze(for:why:)`` while an outcome is unknown; ``Verdict/waitForBudget(_:)``;
  ///   ``JobStoreError`` `leaseLost` when the job is not ours any more; whatever `find` and `perform` throw.
  public func effect<Result: Codable & Sendable, Seen: Sendable>(
    _ name: String, readDelay: Duration = .seconds(2), lateEffectWindow: Duration = .seconds(120),
    budget: BudgetDemand? = nil, claim: (@Sendable (Result) -> String)? = nil, sharesDoubts: Bool = false,
    find: (EffectRecord?) async throws -> Finding<Result, Seen>, perform: (Seen) async throws -> Result
  ) async throws -> EffectResult<Result> {
    let known = try await knownEffect(name)
    if let recorded = try known?.effected(as: Result.self) { return recorded }
    try await settled(known, readDelay: readDelay)
    let doubt = try await doubt(known, name, readDelay, sharesDoubts: sharesDoubts)
    let seen: Seen
    switch try await find(known ?? doubt) {
    case .found(let found): return try await adopt(found, as: name, claim: claim)
    case .absent(let instead): seen = instead
    }
    if let doubt, lateEffectWindow > .zero {
      let watched = try await timeInDoubt(of: doubt, readDelay: readDelay)
      if watched < lateEffectWindow { throw late(name, for: watched, readDelay, lateEffectWindow) }
    }
    try await reached(.beforeIntent)
    try await intend(name, within: budget)
    try await reached(.intentWritten)
    let made: Result
    do {
      made = try await perform(seen)
    } catch {
      try await settleAccount(of: name, within: budget, after: error)
      throw error
    }
    try await reached(.effectPerformed)
    return try await record(made, as: name, origin: .performed, claim: claim)
  }

  /// Makes something exist exactly once that is either there or not, whatever else is there: as the other `effect`, which
  /// says what each parameter means.
  public func effect<Result: Codable & Sendable>(
    _ name: String, readDelay: Duration = .seconds(2), lateEffectWindow: Duration = .seconds(120),
    budget: BudgetDemand? = nil, claim: (@Sendable (Result) -> String)? = nil, sharesDoubts: Bool = false,
    find: (EffectRecord?) async throws -> Finding<Result, Void>, perform: () async throws -> Result
  ) async throws -> EffectResult<Result> {
    try await effect(
      name, readDelay: readDelay, lateEffectWindow: lateEffectWindow, budget: budget, claim: claim,
      sharesDoubts: sharesDoubts, find: find,
      perform: { (_: Void) in try await perform() })
  }

  /// Takes what is there for an effect of this job and asks for nothing: for a thing that a person named, or one that is
  /// only to be ended when a lost request made it.
  ///
  /// - Parameters:
  ///   - name: the effect's name inside the job.
  ///   - readDelay: how long after an unknown outcome the provider may need until a look can be trusted.
  ///   - claim: a key for the result that no other job's effect may hold.
  ///   - find: looks for the thing; nil when it is not there. It is given what is known of earlier intents.
  /// - Returns: the result that is recorded, or was found and is recorded now; nil when there is none.
  /// - Throws: ``Verdict/snooze(for:why:)`` while a look cannot be trusted yet; ``JobStoreError`` `leaseLost` when the job
  ///   is not ours any more; whatever `find` throws.
  public func adopt<Result: Codable & Sendable>(
    _ name: String, readDelay: Duration = .seconds(2), claim: (@Sendable (Result) -> String)? = nil,
    find: (EffectRecord?) async throws -> Result?
  ) async throws -> EffectResult<Result>? {
    let known = try await knownEffect(name)
    if let recorded = try known?.effected(as: Result.self) { return recorded }
    try await settled(known, readDelay: readDelay)
    guard let found = try await find(known) else { return nil }
    return try await adopt(found, as: name, claim: claim)
  }

  private func adopt<Result: Codable & Sendable>(
    _ found: Result, as name: String, claim: (@Sendable (Result) -> String)?
  ) async throws -> EffectResult<Result> {
    note("\(name): found, adopted")
    return try await record(found, as: name, origin: .adopted, claim: claim)
  }

  private func record<Result: Codable & Sendable>(
    _ value: Result, as name: String, origin: EffectOrigin, claim: (@Sendable (Result) -> String)?
  ) async throws -> EffectResult<Result> {
    let json = try JSONText.encode(value)
    try await write([.result(effect: name, json: json, origin: origin, claim: claim?(value))])
    try await reached(.resultRecorded)
    return EffectResult(value: value, origin: origin)
  }

  private func intend(_ name: String, within budget: BudgetDemand?) async throws {
    guard let budget else { return try await write([.intent(effect: name)]) }
    // The unit is taken by another write, which carries no notes.
    try await flush()
    if case .wait(let wait) = try await acquire(budget, for: name) {
      throw Verdict.waitForBudget(wait)
    }
  }

  /// Returns when a budget has a unit for this job, or when the effect was intended before and may hold one. Nothing is
  /// taken: for a look before other requests, which would be in vain.
  /// - Throws: ``Verdict/waitForBudget(_:)`` when the job's turn comes later.
  public func waitForTurn(_ budget: BudgetDemand, for effect: String) async throws {
    guard try await knownEffect(effect) == nil else { return }
    if case .wait(let wait) = try await acquire(budget, for: nil) {
      throw Verdict.waitForBudget(wait)
    }
  }

  /// A request that surely did nothing voids its intent; any other leaves the outcome unknown.
  private func settleAccount(of name: String, within budget: BudgetDemand?, after error: any Error) async throws {
    if let budget, let refusal = error as? any BudgetRefusal, refusal.saysBudgetIsSpent {
      let spent = JournalEntry.budgetSpent(budget.key, retryAfter: refusal.budgetRetryAfter)
      return try await Task {
        try await write([.refusal(effect: name), spent])
        if case .wait(let wait) = try await acquire(budget, for: nil) {
          throw Verdict.waitForBudget(wait)
        }
      }.value
    }
    let mayHaveTakenEffect = (error as? any EffectCertainty)?.mayHaveTakenEffect ?? true
    // A cancelled task must still be able to write this down, or the next attempt would know less than we do.
    let entry: JournalEntry = mayHaveTakenEffect ? .unknown(effect: name) : .refusal(effect: name)
    try await Task { try await write([entry]) }.value
  }
}
