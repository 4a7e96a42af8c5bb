/// Something durable that a running job writes down. Every entry is fenced by the job's lease.
public enum JournalEntry: Sendable, Hashable {
  /// An effect is about to be asked for.
  case intent(effect: String)
  /// An effect happened. `claim`: a key that no other job's effect may hold, such as `live-stream:abc`.
  case result(effect: String, json: String, origin: EffectOrigin, claim: String?)
  /// An effect was asked for and surely did not happen: its newest intent is void. Earlier ones of unknown outcome stay;
  /// without any, the effect was never asked for.
  case refusal(effect: String)
  /// The provider refused an effect because its own count of a budget is full, whatever ours says: the budget takes over
  /// that count. `retryAfter`: when the provider asks us to come back, if it does.
  case budgetSpent(BudgetKey, retryAfter: Duration?)
  /// An effect was asked for and nobody knows whether it happened. Renews the moment at which it was touched.
  case unknown(effect: String)
  /// A step of the job's own that need not be done again; replaces an earlier one of the same key.
  case checkpoint(key: String, json: String)
  /// The job got further: what it wrote down with this entry need not be done again. Crashes before it count no more.
  case progress
  /// A checkpoint that no longer holds.
  case removal(checkpoint: String)
  /// The other side answered. Nothing of it is kept but what it does to the job's gate.
  case answer
  /// The other side did a part of what an effect requests, such as storing a part of a file: as good as a result for
  /// the job's gate. Nothing else about it is kept.
  case partDone
  /// Lines of the attempt's story.
  case notes([Note])
  /// A record that commits with the other entries, such as a result's or a checkpoint's.
  case record(RecordWrite)
}

extension JournalEntry {
  /// Whether it can only be written after the other side answered as it should: proof for a gate's probe. A checkpoint
  /// may be written before anybody was asked.
  public var provesAnAnswer: Bool {
    switch self {
    case .result, .answer, .partDone: true
    case .intent, .refusal, .budgetSpent, .unknown, .checkpoint, .progress, .removal, .notes, .record: false
    }
  }

  /// Whether it says that the other side did what was asked, and not merely that it answered.
  public var isResult: Bool {
    switch self {
    case .result, .partDone: true
    case .intent, .refusal, .budgetSpent, .unknown, .checkpoint, .progress, .removal, .notes, .answer, .record: false
    }
  }

  /// Whether others may get their turn at a budget earlier than announced.
  public var mayMoveLines: Bool {
    switch self {
    case .refusal, .budgetSpent: true
    case .intent, .result, .unknown, .checkpoint, .progress, .removal, .notes, .answer, .partDone, .record: false
    }
  }
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
