/// What is known of an effect before it is asked for.
public enum EffectState: Sendable, Hashable {
  /// Nothing was asked for that may still have happened.
  case notAsked
  /// It was asked for, and nobody knows whether it happened.
  case unknown
  /// It happened, and its result is written down.
  case done
}

extension JobContext {
  /// What is known of an effect of this job, for a handler whose earlier steps depend on it.
  public func state(of effect: String) async throws -> EffectState {
    guard let known = try await store.journal(of: job.id).effects[effect] else { return .notAsked }
    return known.result == nil ? .unknown : .done
  }

  /// Whether an earlier attempt or this one asked for an effect and was not refused: what is there may be its work.
  public func hasAsked(for effect: String) async throws -> Bool {
    (try await store.journal(of: job.id).effects[effect]?.intents ?? 0) > 0
  }
}
