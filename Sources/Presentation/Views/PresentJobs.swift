package import JobQueue

/// Jobs that were to be enqueued and are there already.
package enum PresentJobs {
  /// Of each that is there with other parameters, those that differ: its unique key names the thing, and not all that is
  /// asked of it.
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
        let names = fields(of: job, otherThan: wanted) + moment(of: job, otherThan: wanted)
        if !names.isEmpty { differences[job.id] = names }
      }
    }
    return differences
  }

  /// One that waits for another moment than was asked for now.
  private static func moment(of job: Job, otherThan wanted: NewJob) -> [String] {
    guard let runAt = wanted.runAt, job.state == .scheduled || job.state == .blocked, job.runAt != runAt else {
      return []
    }
    return ["runAt"]
  }

  private static func fields(of job: Job, otherThan wanted: NewJob) -> [String] {
    guard job.kind == wanted.kind else { return ["kind"] }
    // The shape of an earlier version cannot be compared field by field.
    guard job.payloadVersion == wanted.payloadVersion, job.payload != wanted.payload else { return [] }
    guard case .object(let there)? = try? JSONText.decode(JSONValue.self, from: job.payload),
      case .object(let asked)? = try? JSONText.decode(JSONValue.self, from: wanted.payload)
    else { return ["payload"] }
    return Set(there.keys).union(asked.keys).filter { there[$0] != asked[$0] }.sorted()
  }
}

extension Array {
  fileprivate func parts(of size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }
}
