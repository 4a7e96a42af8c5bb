public import HTTPTransport
public import JobQueue

extension ProviderError: BudgetRefusal {
  /// Whether the provider's table says so.
  public var saysBudgetIsSpent: Bool {
    if case .budgetSpent = FailureClassifier.row(for: self).means { true } else { false }
  }

  /// The pause that the provider asks for.
  public var budgetRetryAfter: Duration? { pause }
}
