extension JobContext {
  /// Allows a look only when its result can be trusted.
  func settled(_ known: EffectRecord?, readDelay: Duration) async throws {
    guard let known else { return }
    let now = clock.now()
    guard known.touchedAt <= now else {
      // The clock was set back. Starting over costs one wait; otherwise the job would wait for the clock to catch up.
      try await write([.unknown(effect: known.name)])
      throw unsettled(known, for: readDelay)
    }
    let since = try await lastChance(of: known, before: now)
    let left = since + readDelay - now
    if left > .zero { throw unsettled(known, for: left) }
  }

  /// The newest request for an effect that may still be carried out: one of this job, or of another.
  func doubt(
    _ known: EffectRecord?, _ name: String, _ readDelay: Duration, sharesDoubts: Bool
  ) async throws -> EffectRecord? {
    guard sharesDoubts, let key = job.concurrencyKey else { return known }
    let now = clock.now()
    var newest = known
    if let known { newest?.touchedAt = try await lastChance(of: known, before: now) }
    for other in try await store.openIntents(ofKey: key, effect: name, besides: job.id) {
      if newest.map({ $0.touchedAt < other.touchedAt }) ?? true { newest = other }
    }
    guard var newest else { return nil }
    // If the clock was set back, times in the future count as past.
    newest.touchedAt = min(newest.touchedAt, now)
    let left = newest.touchedAt + readDelay - now
    if left > .zero { throw unsettled(newest, for: left) }
    return newest
  }

  /// The latest time at which a request may have been sent: the attempt's end, because a worker that dies records
  /// nothing after its intent.
  private func lastChance(of known: EffectRecord, before now: Timestamp) async throws -> Timestamp {
    let end = try await store.attempts(of: job.id)
      .last { $0.startedAt <= known.touchedAt && $0.endedAt != nil }?.endedAt
    return max(known.touchedAt, end.map { $0 <= now ? $0 : known.touchedAt } ?? known.touchedAt)
  }

  /// How long an effect of unknown outcome has been looked for in vain, including this look, which is recorded. It is
  /// for a `find` whose result may become clear with time, and which must not allow another request until then.
  ///
  /// It is not the time since the request was lost. While the provider is down, or no worker runs, nobody looks, and
  /// the provider may not be working on the request either; so each look counts for at most as long as all earlier ones
  /// together.
  public func timeInDoubt(of known: EffectRecord) async throws -> Duration {
    try await timeInDoubt(of: known, readDelay: .seconds(5))
  }

  /// - Parameter readDelay: the most that the first look counts for.
  func timeInDoubt(of known: EffectRecord, readDelay: Duration) async throws -> Duration {
    let now = clock.now()
    let key = DoubtWatch.key(of: known.name)
    let since = try await lastChance(of: known, before: now)
    let before = try await checkpoint(key, as: DoubtWatch.self)
    var watch = before.flatMap { $0.since == since ? $0 : nil } ?? DoubtWatch(since: since)
    watch.look(at: now, readDelay: readDelay)
    if watch != before { try await write([.checkpoint(key: key, json: JSONText.encode(watch))]) }
    return watch.counted
  }

  /// The looks become less frequent: the next one comes after twice the time that has passed. The first ones come soon,
  /// because most answers are lost after the work is done.
  func late(_ name: String, for doubt: Duration, _ readDelay: Duration, _ lateEffectWindow: Duration) -> Verdict {
    let left = lateEffectWindow - doubt
    return .snooze(
      for: min(max(doubt, readDelay, .milliseconds(100)), left),
      why: "\(name): outcome unknown, not there yet; requested again in \(left.components.seconds + 1) s"
        + " unless it appears")
  }

  private func unsettled(_ known: EffectRecord, for duration: Duration) -> Verdict {
    .snooze(for: duration, why: "\(known.name): outcome unknown; looking again once the provider has settled")
  }
}
