/// What a job waits for besides its planned time.
public enum JobWait: Sendable, Hashable, Codable {
  /// Ready, behind a gate that is not open.
  case gate(Gate)
  /// Ready, while as many jobs of its concurrency key run as may.
  case concurrency(key: String, running: [JobID])
  /// Scheduled for the moment when a budget has room for it.
  case budget(BudgetWait)
}
