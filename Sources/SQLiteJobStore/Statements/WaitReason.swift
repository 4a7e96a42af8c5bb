import JobQueue

/// Why a blocked job waits, in words for a person.
enum WaitReason {
  /// Nil when no parent is in the way.
  static func blocked(by parents: [(id: JobID, state: JobState)]) -> String? {
    if let ended = parents.first(where: { $0.state == .dead || $0.state == .cancelled }) {
      return parentEnded(ended.id, ended.state)
    }
    guard !parents.isEmpty else { return nil }
    let shown = parents.prefix(5).map { "\($0.id)" }.joined(separator: ", ")
    return "waits for " + (parents.count == 1 ? "job " : "jobs ") + shown
      + (parents.count > 5 ? " and \(parents.count - 5) more" : "")
  }

  /// Another job of the same unique key that was called off and has not ended yet.
  static func ending(_ job: JobID) -> String { "waits until the cancelled job \(job) has ended" }

  /// A parent that will not complete unless a person does something.
  static func parentEnded(_ parent: JobID, _ state: JobState) -> String {
    "parent job \(parent) is \(state.rawValue); retry it to go on"
  }

  /// A parent that was finished and runs again.
  static func parentRetried(_ parent: JobID) -> String { "waits for job \(parent)" }
}
