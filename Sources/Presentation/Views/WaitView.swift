package import JobQueue

/// How far a set of jobs is from a state.
package struct WaitView: Encodable {
  var reached: Int
  var total: Int
  /// Jobs that cannot reach the state any more unless a person acts.
  package private(set) var lost: [Int64]

  /// - Parameter stuck: blocked jobs that wait for one which only a person makes go on.
  package init(_ jobs: [Job], stuck: Set<JobID>, wanted: JobState) {
    let byID = Dictionary(jobs.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    total = byID.count
    reached = jobs.filter { $0.state == wanted }.count
    lost = jobs.filter { job in
      job.state != wanted && (job.state == .completed || job.state.needsPerson || stuck.contains(job.id))
    }.map(\.id.rawValue).sorted()
  }

  /// Every job reached the state or never will.
  package var isDecided: Bool { reached + lost.count == total }

  package var summary: String {
    "\(reached) of \(total) done" + (lost.isEmpty ? "" : ", \(lost.count) failed or stuck")
  }
}
