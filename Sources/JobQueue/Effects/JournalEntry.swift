/// Something durable that a running job writes down. Every entry is fenced by the job's lease.
public enum JournalEntry: Sendable, Hashable {
  /// An effect is about to be asked for.
  case intent(effect: String)
  /// An effect happened. `claim`: a key that no other job's effect may hold, such as `live-stream:abc`.
  case result(effect: String, json: String, origin: EffectOrigin, claim: String?)
  /// An effect was asked for and surely did not happen: its newest intent is void. Earlier ones of unknown outcome stay;
  /// without any, the effect was never asked for.
  case refusal(effect: String)
  /// An effect was asked for and nobody knows whether it happened. Renews the moment at which it was touched.
  case unknown(effect: String)
  /// A step of the job's own that need not be done again; replaces an earlier one of the same key.
  case checkpoint(key: String, json: String)
  /// A checkpoint that no longer holds.
  case removal(checkpoint: String)
  /// Lines of the attempt's story.
  case notes([Note])
}

/// What a job wrote down so far.
public struct Journal: Sendable, Hashable {
  /// Its effects by name.
  public var effects: [String: EffectRecord]
  /// Its checkpoints as JSON text, by key.
  public var checkpoints: [String: String]

  /// Creates a journal; used by stores.
  public init(effects: [String: EffectRecord] = [:], checkpoints: [String: String] = [:]) {
    self.effects = effects
    self.checkpoints = checkpoints
  }
}
