/// The failures that jobs counted, by whose fault they were.
struct BurntAttempts: Sendable {
  /// Whose fault a failure was.
  enum Blame: String, Sendable, CaseIterable {
    case outage, credentials, throttling, limit, crash
    /// The answer was lost: that the job may count.
    case lostAnswer = "lost answer"
    case other
  }

  /// How many failures of each, and of each code.
  private(set) var counts: [Blame: Int] = [:]
  private(set) var codes: [String: Int] = [:]
  /// One line for each attempt that should not have been burnt.
  private(set) var lines: [String] = []

  /// What no job may spend an attempt on.
  var burnt: Int {
    counts.filter { $0.key != .lostAnswer && $0.key != .other }.values.reduce(0, +)
  }

  /// Reads the stories of the jobs that counted a failure.
  static func read(_ jobs: [QueueView.Job], _ queue: QueueView) async throws -> BurntAttempts {
    var found = BurntAttempts()
    for job in jobs where job.failures > 0 || job.state == "dead" {
      for attempt in try await queue.attempts(of: job.id) {
        if let failure = attempt.failure { found.note(job, attempt, failure) }
      }
      // A job that is given up because its workers were lost has no attempt that says so.
      if job.failure?.code == "crash-limit", let failure = job.failure { found.note(job, nil, failure) }
    }
    return found
  }

  /// Counts a failure; without an attempt when the job was given up between two.
  mutating func note(_ job: QueueView.Job, _ attempt: QueueView.Attempt?, _ failure: QueueView.Failure) {
    let blame = Self.blame(failure, kind: job.kind)
    counts[blame, default: 0] += 1
    codes[failure.code, default: 0] += 1
    guard blame != .lostAnswer else { return }
    let number = attempt.map { "attempt \($0.number)" } ?? "given up"
    lines.append("job \(job.id) \(job.kind), \(number), \(blame.rawValue): \(failure.code): \(failure.message)")
  }

  private static func blame(_ failure: QueueView.Failure, kind: String) -> Blame {
    switch failure.code {
    case "connect", "connect-timeout", "name-resolution", "tls": .outage
    case "401", "http-401", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken": .credentials
    case let code where code.hasPrefix("ERR-401-"): .credentials
    case "429", "503", "http-429", "http-503", "SlowDown", "TooManyRequests", "ServiceUnavailable": .throttling
    case "409", "http-409": kind == "restream-asset" ? .limit : .other
    case "crash-limit": .crash
    case "connection-lost", "timeout", "stalled", "protocol-violation": .lostAnswer
    default: blame(status: failure.message, kind: kind)
    }
  }

  /// The status that the sentence names, for codes that say nothing of it: `GET entries cam-001: 503 no luck`.
  private static func blame(status message: String, kind: String) -> Blame {
    switch message.firstRange(of: ": ").map({ message[$0.upperBound...].prefix(4) }) {
    case "401 ": .credentials
    case "429 ", "503 ": .throttling
    case "409 " where kind == "restream-asset": .limit
    default: .other
    }
  }
}
