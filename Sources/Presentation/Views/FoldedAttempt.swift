import JobQueue

/// An attempt in a job's history, together with the preceding ones that ended the same way.
struct FoldedAttempt {
  /// The newest of them.
  let attempt: Attempt
  /// How many more there are.
  private(set) var alike = 0
  /// When the oldest of them began.
  private(set) var firstStartedAt: Timestamp

  private init(_ attempt: Attempt) {
    self.attempt = attempt
    firstStartedAt = attempt.startedAt
  }

  /// The attempts, with consecutive ones that ended alike folded into the newest: same outcome, same code, and the same
  /// reason apart from the numbers in it.
  static func folded(_ newestFirst: some Sequence<Attempt>) -> [FoldedAttempt] {
    var folded: [FoldedAttempt] = []
    for attempt in newestFirst {
      if let last = folded.indices.last, isAlike(folded[last].attempt, attempt) {
        folded[last].alike += 1
        folded[last].firstStartedAt = attempt.startedAt
      } else {
        folded.append(FoldedAttempt(attempt))
      }
    }
    return folded
  }

  /// The running attempt is never folded.
  private static func isAlike(_ one: Attempt, _ other: Attempt) -> Bool {
    guard let outcome = one.outcome, outcome == other.outcome else { return false }
    return one.failure?.code == other.failure?.code
      && withoutNumbers(one.failure?.message ?? "") == withoutNumbers(other.failure?.message ?? "")
      && withoutNumbers(one.why ?? "") == withoutNumbers(other.why ?? "")
  }

  /// Ports, times and counts differ from attempt to attempt and say nothing new.
  private static func withoutNumbers(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.filter { !("0"..."9").contains($0) }))
  }
}
