package import JobQueue

/// What a worker that ended by itself has done, and what is left.
package struct WorkSummary: Sendable {
  private let ended: [JobState: Int]
  private let left: [JobState: Int]

  /// - Parameters:
  ///   - states: the last known state of each job that it ran.
  ///   - status: the state of the queue at the end.
  ///   - queues: the queues that it served.
  package init(_ states: [JobID: JobState], _ status: QueueStatus, queues: Set<String>) {
    ended = Dictionary(grouping: states.values.filter { $0.isFinished || $0 == .held }) { $0 }.mapValues(\.count)
    var left: [JobState: Int] = [:]
    for state in [JobState.ready, .running, .scheduled, .blocked] {
      left[state] = queues.reduce(0) { $0 + (status.counts[$1]?[state.rawValue] ?? 0) }
    }
    self.left = left
  }

  /// `3 jobs completed, 1 dead, 2 held; 1 scheduled left`.
  package var sentence: String {
    let done = Self.told(ended, [.completed, .dead, .held, .cancelled])
    let open = Self.told(left, [.ready, .running, .scheduled, .blocked])
    let first = done.isEmpty ? "no job was ready" : Self.counted(done)
    return open.isEmpty
      ? first : "\(first); \(open.map { "\($0.count) \($0.state.rawValue)" }.joined(separator: ", ")) left"
  }

  /// The next command to run; nil if there is nothing to look at. Jobs that died or were held are reported separately.
  package var next: String? {
    if ended[.dead, default: 0] + ended[.held, default: 0] > 0 { return nil }
    if left[.scheduled, default: 0] > 0 {
      return "rundown worker --once --wait-for-scheduled also runs scheduled jobs"
    }
    return ended.isEmpty ? "rundown status" : "rundown jobs list --finished-since 1h"
  }

  /// The same for a log that programs read.
  package var facts: [(name: String, value: String)] {
    [JobState.completed, .dead, .held, .cancelled].map { ($0.rawValue, "\(ended[$0, default: 0])") }
      + [JobState.scheduled, .blocked].map { ("\($0.rawValue)-left", "\(left[$0, default: 0])") }
  }

  private static func told(_ counts: [JobState: Int], _ order: [JobState]) -> [(state: JobState, count: Int)] {
    order.compactMap { state in counts[state].flatMap { $0 > 0 ? (state, $0) : nil } }
  }

  private static func counted(_ told: [(state: JobState, count: Int)]) -> String {
    told.enumerated().map { index, one in
      let jobs = index == 0 ? (one.count == 1 ? "1 job" : "\(one.count) jobs") : "\(one.count)"
      return "\(jobs) \(one.state.rawValue)"
    }.joined(separator: ", ")
  }
}
