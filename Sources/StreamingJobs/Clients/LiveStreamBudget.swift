public import JobQueue

/// How many live streams a Wowza Video account may create.
public enum LiveStreamBudget {
  /// Ten within three hours, through the API and by hand together; more are answered with 409 "limit reached".
  public static let standard = demand(of: "", count: 10, window: .seconds(3 * 3600))

  /// The budget of an account.
  public static func demand(of account: String, count: Int, window: Duration) -> BudgetDemand {
    BudgetDemand(
      key: BudgetKey(account: ProviderGate.wowzaVideo(account), resource: "live-streams"), size: count, window: window)
  }
}
