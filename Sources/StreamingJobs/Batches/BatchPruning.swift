package import JobQueue

/// Removes the records of batches whose jobs are all gone, as nothing but their names would be left to show.
package struct BatchPruning {
  /// Where jobs and records are.
  package typealias Store = QueryStore & MaintenanceStore

  /// Removes the records of batches that were added before a moment and of whose jobs none is there any more.
  /// - Returns: how many.
  package static func run(in store: some Store, addedBefore moment: Timestamp) async throws -> Int {
    let old = try await store.allRecords(RecordQuery(Batch.collection)).filter { $0.updatedAt < moment }
    guard !old.isEmpty else { return 0 }
    var alive: Set<String> = []
    // Those that came later belong to other batches, and may be many.
    try await store.eachPage(JobQuery(before: try await store.firstJob(createdSince: moment))) { page in
      alive.formUnion(page.compactMap { $0.labels[Batch.label] })
      return true
    }
    var gone = old.map(\.key).filter { !alive.contains($0) }[...]
    var removed = 0
    while !gone.isEmpty {
      let part = gone.prefix(JobLimits.batch)
      removed += try await store.removeRecords(Array(part), of: Batch.collection, writtenBefore: moment)
      gone = gone.dropFirst(part.count)
    }
    return removed
  }
}

extension QueryStore {
  /// The number from which on jobs were created at a moment or later: numbers grow with time, so half of what is left is
  /// ruled out by each look. Nil when there is no such job.
  fileprivate func firstJob(createdSince moment: Timestamp) async throws -> JobID? {
    guard let newest = try await jobs(JobQuery(limit: 1)).first, newest.createdAt >= moment else { return nil }
    var (low, high) = (Int64(1), newest.id.rawValue)
    while low < high {
      let middle = low + (high - low) / 2
      if let job = try await jobs(JobQuery(before: JobID(middle + 1), limit: 1)).first, job.createdAt >= moment {
        high = job.id.rawValue
      } else {
        low = middle + 1
      }
    }
    return JobID(low)
  }
}
