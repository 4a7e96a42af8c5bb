package import JobQueue

/// Jobs that stopped, or last failed, for the same reason.
package struct JobCause: Sendable {
  package let state: JobState
  /// The code of the newest failure; nil for jobs without one.
  package let code: String?
  /// The provider's operation, if the failure names it.
  package let operation: String?
  /// Newest first.
  package private(set) var jobs: [Job]

  /// The jobs grouped by cause, the largest group first.
  package static func grouped(_ jobs: [Job]) -> [JobCause] {
    var groups: [JobCause] = []
    var places: [Key: Int] = [:]
    for job in jobs {
      let key = Key(job)
      if let place = places[key] {
        groups[place].jobs.append(job)
      } else {
        places[key] = groups.count
        groups.append(JobCause(state: key.state, code: key.code, operation: key.operation, jobs: [job]))
      }
    }
    return groups.enumerated().sorted { ($1.element.jobs.count, $0.offset) < ($0.element.jobs.count, $1.offset) }
      .map(\.element)
  }

  /// What jobs of one cause have in common. A job without a failure is identified by its reason, apart from the numbers
  /// in it.
  private struct Key: Hashable {
    var state: JobState
    var code: String?
    var operation: String?
    var reason: String?

    init(_ job: Job) {
      state = job.state
      // A failure that a held job once had is not the reason why it is held.
      let failure = job.state == .held ? nil : job.lastFailure
      code = failure?.code
      operation = failure.flatMap { JobCause.operation(in: $0.message) }
      if failure == nil { reason = job.waitReason.map { $0.filter { !$0.isNumber } } }
    }
  }

  /// The operation in a provider's failure, `PutObject example/key: 403 Access Denied`: the words before the target.
  private static func operation(in message: String) -> String? {
    guard let colon = message.firstRange(of: ": ") else { return nil }
    let words = message[..<colon.lowerBound].split(separator: " ")
    guard (2...3).contains(words.count), let first = words.first else { return nil }
    // The form in which providers name operations: `PutObject`, `POST mapentries`.
    guard first.first?.isUppercase == true, first.dropFirst().contains(where: \.isUppercase) else { return nil }
    return words.dropLast().joined(separator: " ")
  }

  /// When the first of them stopped.
  package var first: Timestamp { jobs.map(\.stoppedAt).min() ?? Timestamp(milliseconds: 0) }
  /// When the last of them stopped.
  package var last: Timestamp { jobs.map(\.stoppedAt).max() ?? Timestamp(milliseconds: 0) }
  /// What an operator can do about it.
  package var fix: String? {
    if let hint = jobs.lazy.compactMap({ $0.state == .held ? nil : $0.lastFailure?.hint }).first { return hint }
    return code.map { "rundown explain \($0)" }
  }
  /// The message of one of them, in full.
  package var example: String? {
    jobs.first.flatMap { $0.state == .held ? $0.waitReason : $0.lastFailure?.message ?? $0.waitReason }
  }
}

extension Job {
  /// Since when it has been in its state.
  fileprivate var stoppedAt: Timestamp { finishedAt ?? updatedAt }
}

/// Jobs by cause, for a person.
package enum JobCauses {
  /// The maximum number of job numbers shown for a cause.
  private static let mostNumbers = 8

  package static func rendered(_ causes: [JobCause], times: TimeFormat, for terminal: Terminal) -> String {
    causes.map { cause in
      var lines = [terminal.paragraph(title(cause, times), JobTable.colour(cause.state))]
      if let example = cause.example { lines.append(terminal.paragraph("  \(example)")) }
      if let fix = cause.fix { lines.append(terminal.paragraph("  fix: \(fix)")) }
      let kinds = Set(cause.jobs.map(\.kind)).sorted().joined(separator: ", ")
      let shown = cause.jobs.prefix(mostNumbers).map(\.id.description).joined(separator: " ")
      let rest = cause.jobs.count - mostNumbers
      lines.append(terminal.paragraph("  \(kinds): \(shown)\(rest > 0 ? " and \(rest) more" : "")"))
      return lines.joined(separator: "\n")
    }.joined(separator: "\n\n")
  }

  private static func title(_ cause: JobCause, _ times: TimeFormat) -> String {
    let what = cause.code.map { code in code + (cause.operation.map { " on \($0)" } ?? "") + ", " } ?? ""
    let last = cause.jobs.count > 1 ? ", last \(times.clock(cause.last))" : ""
    return "\(cause.jobs.count) x \(what)\(cause.state.rawValue), first \(times.clock(cause.first))\(last)"
  }
}

/// Jobs of one cause as `--json` shows them.
package struct JobCauseView: Encodable {
  var count: Int
  var state: String
  var code: String?
  var operation: String?
  var first: String
  var last: String
  var example: String?
  var fix: String?
  var jobs: [Int64]

  package init(_ cause: JobCause) {
    count = cause.jobs.count
    state = cause.state.rawValue
    code = cause.code
    operation = cause.operation
    first = TimeText.exact(cause.first)
    last = TimeText.exact(cause.last)
    example = cause.example
    fix = cause.fix
    jobs = cause.jobs.map(\.id.rawValue)
  }
}
