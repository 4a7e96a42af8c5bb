extension JobContext {
  /// The recorded result of an effect of this job; nil if there is none. Does not look or request anything.
  public func recordedEffect<Result: Decodable & Sendable>(
    _ name: String, as type: Result.Type = Result.self
  ) async throws -> EffectResult<Result>? {
    try await knownEffect(name)?.effected(as: type)
  }

  /// Whether this attempt or an earlier one requested an effect and was not refused: what exists may be its work.
  public func hasAsked(for effect: String) async throws -> Bool {
    (try await knownEffect(effect)?.intents ?? 0) > 0
  }

  func knownEffect(_ name: String) async throws -> EffectRecord? {
    try await journal().effects[name]
  }
}

extension EffectRecord {
  /// The recorded result; nil if it is not known whether the effect happened.
  func effected<Result: Decodable>(as type: Result.Type) throws -> EffectResult<Result>? {
    guard let result else { return nil }
    return EffectResult(value: try JSONText.decode(type, from: result), origin: origin ?? .performed)
  }
}
