import HTTPTransport

/// What a response of a provider means for a job, in words; taken from the tables that decide.
public struct AnswerExplanation: Sendable, Hashable {
  /// Which provider sends it; empty for a request that was not sent.
  public var provider: String
  /// What it means.
  public var meaning: String
  /// What happens to the job.
  public var consequence: String
  /// What an operator can do; nil if nothing more is known.
  public var hint: String?

  /// Every code in every table, including those of requests that were not sent.
  public static let codes: Set<String> = Set(tables.flatMap { $0.rows.flatMap(\.codes) })

  /// What a code means: a provider's own, or `http-404` for a response without one.
  public static func of(_ code: String) -> [AnswerExplanation] {
    tables.flatMap { name, rows -> [AnswerExplanation] in
      let named = rows.filter { $0.codes.contains { $0.lowercased() == code.lowercased() } }
      if !named.isEmpty { return named.map { AnswerExplanation(name, $0, code: code) } }
      guard code.lowercased().hasPrefix("http-"), let status = Int(code.dropFirst(5)), !name.isEmpty,
        let row = rows.first(where: {
          $0.codes.isEmpty && $0.clock == nil && $0.broke.contains(.refused) && $0.fits(status)
        })
      else { return [] }
      return [AnswerExplanation(name, row, code: code)]
    }
  }

  private static let tables: [(name: String, rows: [FailureRow])] =
    [("", UnsentFailures.rows), ("A proxy or gateway in front of the provider", ForeignFailures.rows)]
    + ProviderFailures.all.map { ($0.name, $0.table.all) }

  private init(_ provider: String, _ row: FailureRow, code: String) {
    self.provider = provider
    meaning = row.words + (row.clock.map { " (\($0.words))" } ?? "")
    consequence = row.means.words
    let known = row.codes.first { $0.lowercased() == code.lowercased() }
    hint = ProviderFailures.all.first { $0.name == provider }.flatMap { $0.hint(known) }
  }
}

extension FailureRow {
  fileprivate func fits(_ status: Int) -> Bool { statuses.isEmpty || statuses.contains(status) }
}

extension ClockReading {
  fileprivate var words: String {
    switch self {
    case .off(let allowed): "the clocks differ by more than \(allowed.components.seconds) s"
    case .agrees(let allowed): "the clocks differ by at most \(allowed.components.seconds) s"
    }
  }
}

extension FailureMeaning {
  /// What happens to a job that gets it.
  fileprivate var words: String {
    switch self {
    case .retry: "The job is retried after a backoff; this counts as one of its failures."
    case .suspectOutage:
      "The job is retried after a backoff; this counts as one of its failures. When several jobs in a row, or one job twice,"
        + " hit it, Rundown treats it as an outage: the gate closes, the jobs wait, and no more attempts are used up."
    case .closeGate(let base):
      "The gate of this account or host closes: its jobs wait without using up attempts. One job tries again after"
        + " \(base.components.seconds) s, and the pause doubles each time. See: rundown gates list"
    case .closeGateUnlessAlone(let base):
      "The gate of this account or host closes: its jobs wait without using up attempts. Another job tries after"
        + " \(base.components.seconds) s. If that one gets through and this one fails the same way again, the problem is this"
        + " job's own: it is retried after a backoff, and each try counts as one of its failures."
        + " See: rundown gates list"
    case .closeGateOrWait(let base):
      "The gate of this account or host closes: its jobs wait without using up attempts. Another job tries after"
        + " \(base.components.seconds) s. If that one gets through and this one fails the same way again, this job waits alone,"
        + " for longer each time, without using up attempts. See: rundown gates list"
    case .snooze(let wait): "The job tries again after \(wait.components.seconds) s, without using up an attempt."
    case .budgetSpent:
      "The job waits for its turn within the account's limit, without using up an attempt. See: rundown budgets list"
    case .hold: "The job is held. Fix the cause, then run: rundown jobs retry NUMBER"
    case .dead: "The job is dead. Fix the cause, then run: rundown jobs retry NUMBER"
    }
  }
}
