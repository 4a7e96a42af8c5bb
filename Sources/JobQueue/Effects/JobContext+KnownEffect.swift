extension JobContext {
  /// The result of an effect of this job that is written down already; nil when none is. Nothing is looked at or asked for.
  public func recordedEffect<Result: Decodable & Sendable>(
    _ name: String, as type: Result.Type = Result.self
  ) async throws -> EffectResult<Result>? {
    try await knownEffect(name)?.effected(as: type)
  }

  /// Whether an earlier attempt or this one asked for an effect and was not refused: what is there may be its work.
  public func hasAsked(for effect: String) async throws -> Bool {
    (try await knownEffect(effect)?.intents ?? 0) > 0
  }

  func knownEffect(_ name: String) async throws -> EffectRecord? {
    try await journal().effects[name]
  }
}

extension EffectRecord {
  /// The recorded result; nil when it is not known whether it happened.
  func effected<Result: Decodable>(as type: Result.Type) throws -> EffectResult<Result>? {
    guard let result else { return nil }
    return EffectResult(value: try JSONText.decode(type, from: result), origin: origin ?? .performed)
  }
}
