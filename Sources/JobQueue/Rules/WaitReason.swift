/// Why a blocked job waits, in words for people.
public enum WaitReason {
  /// The reason why a job may not run yet.
  /// - Parameters:
  ///   - parents: all of its parents with their states, in any order.
  ///   - predecessor: the cancelled job with the same unique key that still runs.
  /// - Returns: nil if there is none, and the job may go on; see ``JobRelease``.
  public static func blocked(
    by parents: [(id: JobID, state: JobState)], awaiting predecessor: JobID? = nil
  ) -> String? {
    let obstacles = parents.filter { $0.state != .completed }.sorted { $0.id < $1.id }
    // One that has ended comes first: waiting for the others alone would release nothing.
    if let ended = obstacles.first(where: { $0.state.isFinished }) { return parentEnded(ended.id, ended.state) }
    guard obstacles.isEmpty else { return waiting(for: obstacles.map(\.id)) }
    return predecessor.map { "waits until the cancelled job \($0) has ended" }
  }

  private static func parentEnded(_ parent: JobID, _ state: JobState) -> String {
    "parent job \(parent) is \(state.rawValue); retry it to continue"
  }

  private static func waiting(for obstacles: [JobID]) -> String {
    // The same parent may have been named twice.
    var parents: [JobID] = []
    for obstacle in obstacles where parents.last != obstacle { parents.append(obstacle) }
    let shown = parents.prefix(5).map { "\($0)" }.joined(separator: ", ")
    return "waits for " + (parents.count == 1 ? "job " : "jobs ") + shown
      + (parents.count > 5 ? " and \(parents.count - 5) more" : "")
  }
}
