/// Settings that apply to every job of a type.
public struct JobPolicy: Sendable, Hashable {
  /// When and how often a failed job runs again.
  public var retry: RetryPolicy
  /// How long one attempt may take.
  public var timeout: Duration

  /// Creates a policy.
  public init(retry: RetryPolicy = .standard, timeout: Duration = .seconds(300)) {
    self.retry = retry
    self.timeout = timeout
  }
}
