/// Something durable that a running job records. Every entry is fenced by the job's lease.
public enum JournalEntry: Sendable, Hashable {
  /// An effect is about to be requested.
  case intent(effect: String)
  /// An effect happened. `claim`: a key that no other job's effect may hold, such as `live-stream:abc`.
  case result(effect: String, json: String, origin: EffectOrigin, claim: String?)
  /// An effect was requested and surely did not happen: its newest intent is void. Earlier intents of unknown outcome
  /// stay; if there are none, the effect counts as never requested.
  case refusal(effect: String)
  /// The provider refused an effect because its own count of a budget is full, whatever ours says: the budget adopts
  /// that count. `retryAfter`: how long the provider asks us to wait, if it does.
  case budgetSpent(BudgetKey, retryAfter: Duration?)
  /// An effect was requested and it is not known whether it happened. Updates the time at which it was last touched.
  case unknown(effect: String)
  /// A step of the job that need not be done again; replaces an earlier one with the same key.
  case checkpoint(key: String, json: String)
  /// The job made progress: what it recorded with this entry need not be done again. Earlier crashes no longer count.
  case progress
  /// A checkpoint that is no longer valid.
  case removal(checkpoint: String)
  /// The other side answered. Only its effect on the job's gate is kept.
  case answer
  /// The other side did a part of what an effect requests, such as storing a part of a file: as good as a result for
  /// the job's gate. Nothing else about it is kept.
  case partDone
  /// Lines of the attempt's notes.
  case notes([Note])
  /// A record that is committed with the other entries, such as a result or a checkpoint.
  case record(RecordWrite)
}

extension JournalEntry {
  /// Whether it can only be written after the other side answered properly: proof for a gate's probe. A checkpoint may
  /// be written before any request.
  public var provesAnAnswer: Bool {
    switch self {
    case .result, .answer, .partDone: true
    case .intent, .refusal, .budgetSpent, .unknown, .checkpoint, .progress, .removal, .notes, .record: false
    }
  }

  /// Whether it shows that the other side did what was requested, and did not merely answer.
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

/// What a job recorded so far.
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
