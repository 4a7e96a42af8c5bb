package import JobQueue
import Manifests

/// Jobs that were to be enqueued but are already in the queue.
package enum PresentJobs {
  /// For each that is already there with different parameters, the ones that differ: the unique key identifies the
  /// thing, but not every parameter.
  package static func differences(
    _ jobs: [NewJob], _ receipts: [EnqueueReceipt], in store: any QueryStore
  ) async throws -> [JobID: [String]] {
    let asked = Dictionary(
      zip(receipts, jobs).filter { $0.0.alreadyPresent }.map { ($0.0.id, $0.1) }, uniquingKeysWith: { _, last in last })
    guard !asked.isEmpty else { return [:] }
    var differences: [JobID: [String]] = [:]
    for ids in asked.keys.sorted().parts(of: 1000) {
      for job in try await store.jobs(JobQuery(ids: ids, limit: ids.count)) {
        guard let wanted = asked[job.id] else { continue }
        let names = JobDifference.names(job, otherThan: wanted)
        if !names.isEmpty { differences[job.id] = names }
      }
    }
    return differences
  }
}

extension Array {
  fileprivate func parts(of size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }
}
