/// What a job waits for besides its planned time.
public enum JobWait: Sendable, Hashable, Codable {
  /// Ready, behind a gate that is not open.
  case gate(Gate)
  /// Ready, while the maximum number of jobs with its concurrency key run.
  case concurrency(key: String, running: [JobID])
  /// Scheduled for the time when a budget has room for it.
  case budget(BudgetWait)
}
