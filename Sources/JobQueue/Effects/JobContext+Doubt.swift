extension JobContext {
  /// Lets a look be made only when it can be trusted.
  /// - Returns: how long ago the last attempt that may have asked ended; nil when none did.
  func settled(_ known: EffectRecord?, settle: Duration) async throws -> Duration? {
    guard let known else { return nil }
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
  func late(_ name: String, for doubt: Duration, _ settle: Duration, _ lateness: Duration) -> Verdict {
    let left = lateness - doubt
    return .snooze(
      for: min(max(doubt, settle, .milliseconds(100)), left),
      why: "\(name): outcome unknown, nothing there yet; asked for again in \(left.components.seconds + 1) s"
        + " unless it appears")
  }

  private func unsettled(_ known: EffectRecord, for duration: Duration) -> Verdict {
    .snooze(for: duration, why: "\(known.name): outcome unknown; looking again once the provider has settled")
  }
}
