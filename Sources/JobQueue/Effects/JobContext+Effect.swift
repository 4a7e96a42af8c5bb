extension JobContext {
  /// Makes something exist at a provider exactly once, whenever and however often anything crashes.
  ///
  /// The steps: a recorded result is returned without any call. Otherwise `find` looks for the thing, and if it exists,
  /// it is adopted. Only if it does not, the intent is recorded (durably, and fenced, so that a worker that lost its
  /// lease stops here), `perform` requests it, and the result is recorded.
  ///
  /// If an attempt ended between intent and result, the outcome is unknown. The provider may serve an old answer from a
  /// cache, so the next look waits until `readDelay` has passed since that attempt's end. The provider may also still
  /// be working on the request: if the thing does not exist, `find` looks again and again, and it is requested again
  /// only after looking for `lateEffectWindow`, in which outages do not count.
  ///
  /// - Parameters:
  ///   - name: the effect's name inside the job.
  ///   - readDelay: how long after an unknown outcome a look at the provider may still be out of date.
  ///   - lateEffectWindow: how long after an unknown outcome the provider, while it is up, may still carry out the
  ///     request. Zero if a second request creates nothing twice, because the provider refuses a second thing of the
  ///     same name or replaces the first. At most an hour: this is how long stores keep an intent of unknown outcome
  ///     beyond its job's retention.
  ///   - budget: the account's budget for such things. A unit is taken together with the intent, and given back if
  ///     nothing was created; if none is free, the job comes back when it is its turn.
  ///   - claim: a key for the result that no other job's effect may hold; for things without a natural key.
  ///   - sharesDoubts: whether another job with the same concurrency key may have requested the same thing, or one that
  ///     must not exist beside it, as an effect of this name. While the outcome of that is unknown, this job looks too,
  ///     as after a lost answer of its own.
  ///   - find: looks for the thing by its natural key, never by guessing. It receives what is known of earlier intents,
  ///     including another job's if doubts are shared; nil means that this job never requested it, so only a natural
  ///     key can identify something as ours.
  ///   - perform: requests the thing, knowing what `find` saw in its place; called at most once per attempt.
  /// - Throws: ``Verdict/snooze(for:why:)`` while an outcome is unknown; ``Verdict/waitForBudget(_:)``;
  ///   ``JobStoreError`` `leaseLost` if the job is not ours any more; whatever `find` and `perform` throw.
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

  /// Makes something exist exactly once that either exists or not, whatever else is there. The other `effect` describes
  /// the parameters.
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

  /// Adopts what exists for an effect of this job and requests nothing: for a thing that a person named, or one that is
  /// only to be ended if a lost request created it.
  ///
  /// - Parameters:
  ///   - name: the effect's name inside the job.
  ///   - readDelay: how long after an unknown outcome a look at the provider may still be out of date.
  ///   - claim: a key for the result that no other job's effect may hold.
  ///   - find: looks for the thing; nil if it does not exist. It receives what is known of earlier intents.
  /// - Returns: the result that is recorded, or was found and is recorded now; nil if there is none.
  /// - Throws: ``Verdict/snooze(for:why:)`` while a look cannot be trusted yet; ``JobStoreError`` `leaseLost` if the
  ///   job is not ours any more; whatever `find` throws.
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
    // The unit is taken by a separate write, which carries no notes.
    try await flush()
    if case .wait(let wait) = try await acquire(budget, for: name) {
      throw Verdict.waitForBudget(wait)
    }
  }

  /// Returns if a budget has a unit for this job, or if the effect was intended before and may hold one. Nothing is
  /// taken: this is a check before other requests that would otherwise be in vain.
  /// - Throws: ``Verdict/waitForBudget(_:)`` if the job's turn comes later.
  public func waitForTurn(_ budget: BudgetDemand, for effect: String) async throws {
    guard try await knownEffect(effect) == nil else { return }
    if case .wait(let wait) = try await acquire(budget, for: nil) {
      throw Verdict.waitForBudget(wait)
    }
  }

  /// If the request surely did nothing, its intent is void; otherwise the outcome is unknown.
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
    // A cancelled task must still be able to record this, or the next attempt would know less than we do.
    let entry: JournalEntry = mayHaveTakenEffect ? .unknown(effect: name) : .refusal(effect: name)
    try await Task { try await write([entry]) }.value
  }
}
