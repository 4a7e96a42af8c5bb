package import JobQueue

/// How many of a set of jobs have reached a state.
package struct WaitView: Encodable {
  private enum CodingKeys: CodingKey {
    case reached, total, lost
  }

  var reached: Int
  var total: Int
  /// Jobs that can no longer reach the state unless an operator acts.
  package private(set) var lost: [Int64]
  private let wanted: JobState
  /// Those jobs, by state.
  private let lostStates: [JobState: Int]

  /// - Parameter stuck: blocked jobs that wait for one that needs an operator.
  package init(_ jobs: [Job], stuck: Set<JobID>, wanted: JobState) {
    let byID = Dictionary(jobs.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    self.wanted = wanted
    total = byID.count
    reached = jobs.filter { $0.state == wanted }.count
    let gone = jobs.filter { job in
      job.state != wanted && (job.state == .completed || job.state.needsPerson || stuck.contains(job.id))
    }
    lost = gone.map(\.id.rawValue).sorted()
    lostStates = Dictionary(grouping: gone, by: \.state).mapValues(\.count)
  }

  /// Whether every job has reached the state or never will.
  package var isDecided: Bool { reached + lost.count == total }

  /// `3 of 7 completed, 1 dead, 2 blocked behind such a job`.
  package var summary: String {
    let states: [JobState] = [.dead, .held, .cancelled, .completed, .blocked]
    let words = states.compactMap { state in
      lostStates[state].map { "\($0) \(state.rawValue)" + (state == .blocked ? " until an operator acts" : "") }
    }
    return (["\(reached) of \(total) \(wanted.rawValue)"] + words).joined(separator: ", ")
  }

  /// Says what is counted if no jobs were chosen; nil if all of them are unfinished or have reached the state.
  package var scope: String? {
    guard !lost.isEmpty else { return nil }
    return
      "waiting for \(total == 1 ? "the one job" : "all \(total) jobs") in the queue, including those that ended earlier; narrow it down with numbers,"
      + " labels or --since 1h"
  }
}
