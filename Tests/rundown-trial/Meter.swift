import JobQueue

/// Measures the calls of a store.
actor Meter {
  private(set) var report = TrialReport()

  func passed(_ began: ContinuousClock.Instant, _ note: @Sendable (inout TrialReport) -> Void) {
    let microseconds = Int((ContinuousClock.now - began) / .microseconds(1))
    report.writes += 1
    report.longestWriteMicroseconds = max(report.longestWriteMicroseconds, microseconds)
    note(&report)
  }

  func failed(_ error: any Error) {
    let code = (error as? JobStoreError)?.code.rawValue ?? "\(error)"
    report.errors[code, default: 0] += 1
  }
}

/// What a worker tells at its end.
struct TrialReport: Codable, Sendable, Hashable {
  /// Attempts whose end the store recorded.
  var recorded = 0
  /// Attempts whose end, or whose wish to go on, the store refused because the lease was lost.
  var refused = 0
  /// Jobs that came with the same call that recorded the ends of others.
  var relayed = 0
  /// Jobs taken back from lost workers.
  var reaped = 0
  /// Calls that may write and gave an answer.
  var writes = 0
  /// The longest of them.
  var longestWriteMicroseconds = 0
  /// Calls that failed, by the error's code.
  var errors: [String: Int] = [:]

  mutating func note(_ receipts: [CompletionReceipt]) {
    let lost = receipts.count { $0 == .leaseLost }
    refused += lost
    recorded += receipts.count - lost
  }
}
