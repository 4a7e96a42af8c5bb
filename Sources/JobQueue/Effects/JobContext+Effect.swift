extension JobContext {
  /// Makes something exist at a provider exactly once, whenever and however often anything crashes.
  ///
  /// The walk: a recorded result is returned without any call. Otherwise `find` looks whether the thing is there, and
  /// adopts it. Only when it is not, the intent is written down (durable, and fenced, so that a worker that lost its
  /// lease stops here), `perform` asks for it, and the result is written down.
  ///
  /// After an attempt that ended between intent and result the outcome is unknown. The provider may serve an old answer
  /// from a cache, so the next look waits until `settle` has passed since that attempt's end. And it may still be at
  /// work on the request: what is not there is looked for again and again, and asked for again only when `lateness` has
  /// passed.
  ///
  /// - Parameters:
  ///   - name: the effect's name inside the job.
  ///   - settle: how long after an unknown outcome the provider may need until a look can be trusted.
  ///   - lateness: how long after it the provider may still make what was asked for. Zero where asking twice makes
  ///     nothing twice: the provider refuses a second one of a name, or replaces the first. At most an hour: for so long
  ///     stores keep an intent whose end nobody knows beyond its job's retention.
  ///   - budget: what the provider lets an account make only so many of. A unit is taken together with the intent, and
  ///     given back when nothing was made; when there is none, the job comes back when its turn comes.
  ///   - claim: a key for the result that no other job's effect may hold; for things without a natural key.
  ///   - find: looks for the thing by its natural key, never by luck. It is given what is known of earlier intents;
  ///     nil means that this job never asked, so nothing of ours can be there but by a natural key.
  ///   - perform: asks for it; called at most once per attempt.
  /// - Throws: ``Verdict/snooze(for:why:)`` while an outcome is unknown; ``Verdict/waitForBudget(_:)``;
  ///   ``JobStoreError`` `leaseLost` when the job is not ours any more; whatever `find` and `perform` throw.
  public func effect<Result: Codable & Sendable>(
    _ name: String, settle: Duration = .seconds(2), lateness: Duration = .seconds(120),
    budget: BudgetDemand? = nil, claim: (@Sendable (Result) -> String)? = nil,
    find: (EffectRecord?) async throws -> Result?, perform: () async throws -> Result
  ) async throws -> Effected<Result> {
    let known = try await store.journal(of: job.id).effects[name]
    if let known, let json = known.result {
      return Effected(value: try JSONText.decode(Result.self, from: json), origin: known.origin ?? .performed)
    }
    var doubt: Duration?
    if let known { doubt = try await waitUntilSettled(known, settle: settle) }
    if let found = try await find(known) {
      note("\(name): found, adopted")
      return try await record(found, as: name, origin: .adopted, claim: claim)
    }
    if let doubt, doubt < lateness { throw late(name, for: doubt, settle, lateness) }
    try await faults.reached(.beforeIntent)
    try await intend(name, within: budget)
    try await faults.reached(.intentWritten)
    let made: Result
    do {
      made = try await perform()
    } catch {
      try await settleAccount(of: name, within: budget, after: error)
      throw error
    }
    try await faults.reached(.effectPerformed)
    return try await record(made, as: name, origin: .performed, claim: claim)
  }

  /// - Returns: how long ago the last attempt that may have asked ended.
  private func waitUntilSettled(_ known: EffectRecord, settle: Duration) async throws -> Duration {
    let now = clock.now()
    guard known.touchedAt <= now else {
      // The clock was set back. Counting anew from now costs one wait; else the job would wait for it to catch up.
      try await write([.unknown(effect: known.name)])
      throw unsettled(known, for: settle)
    }
    let since = try await lastChance(of: known, before: now)
    let left = since + settle - now
    if left > .zero { throw unsettled(known, for: left) }
    return now - since
  }

  /// A request may leave as late as its attempt's end: a worker that dies writes nothing down after its intent.
  private func lastChance(of known: EffectRecord, before now: Timestamp) async throws -> Timestamp {
    let end = try await store.attempts(of: job.id)
      .last { $0.startedAt <= known.touchedAt && $0.endedAt != nil }?.endedAt
    return max(known.touchedAt, end.map { $0 <= now ? $0 : known.touchedAt } ?? known.touchedAt)
  }

  /// How long ago the last attempt ended that may have asked for an effect of unknown outcome: for a `find` that sees
  /// what may become clear with time, and must not leave it to be asked for again.
  public func timeInDoubt(of known: EffectRecord) async throws -> Duration {
    let now = clock.now()
    return max(now - (try await lastChance(of: known, before: now)), .zero)
  }

  /// The looks grow apart: twice the time that has passed, at first soon, since most answers are lost when all is done.
  private func late(_ name: String, for doubt: Duration, _ settle: Duration, _ lateness: Duration) -> Verdict {
    let left = lateness - doubt
    return .snooze(
      for: min(max(doubt, settle, .milliseconds(100)), left),
      why: "\(name): outcome unknown, nothing there yet; asked for again in \(left.components.seconds + 1) s"
        + " unless it appears")
  }

  private func unsettled(_ known: EffectRecord, for duration: Duration) -> Verdict {
    .snooze(for: duration, why: "\(known.name): outcome unknown; looking again once the provider has settled")
  }

  private func record<Result: Codable & Sendable>(
    _ value: Result, as name: String, origin: EffectOrigin, claim: (@Sendable (Result) -> String)?
  ) async throws -> Effected<Result> {
    let json = try JSONText.encode(value)
    try await write([.result(effect: name, json: json, origin: origin, claim: claim?(value))])
    try await faults.reached(.resultRecorded)
    return Effected(value: value, origin: origin)
  }

  private func intend(_ name: String, within budget: BudgetDemand?) async throws {
    guard let budget else { return try await write([.intent(effect: name)]) }
    try await write([])
    if case .wait(let wait) = try await store.ask(budget, for: name, under: lease, at: clock.now()) {
      throw Verdict.waitForBudget(wait)
    }
  }

  /// Returns when a budget has a unit for this job, or when the effect was intended before and may hold one. Nothing is
  /// taken: for a look before other requests, which would be in vain.
  /// - Throws: ``Verdict/waitForBudget(_:)`` when the job's turn comes later.
  public func waitForTurn(_ budget: BudgetDemand, for effect: String) async throws {
    guard try await store.journal(of: job.id).effects[effect] == nil else { return }
    if case .wait(let wait) = try await store.ask(budget, for: nil, under: lease, at: clock.now()) {
      throw Verdict.waitForBudget(wait)
    }
  }

  /// A request that surely did nothing voids its intent; any other leaves the outcome unknown.
  private func settleAccount(of name: String, within budget: BudgetDemand?, after error: any Error) async throws {
    if let budget, let refusal = error as? any BudgetRefusal, refusal.saysBudgetIsSpent {
      let spent = JournalEntry.budgetSpent(budget.key, retryAfter: refusal.budgetRetryAfter)
      return try await Task {
        try await write([.refusal(effect: name), spent])
        if case .wait(let wait) = try await store.ask(budget, for: nil, under: lease, at: clock.now()) {
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
