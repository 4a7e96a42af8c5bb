import JobQueue

/// Enqueues what a manifest comes to.
enum ManifestJobs {
  /// Enqueues jobs in one commit, or where they are more than one takes, in as few as there must be: shared ones stand first,
  /// and a part that is there when the command is killed is met again by the next one.
  static func enqueue(_ jobs: [NewJob], _ queue: JobQueue) async throws -> [EnqueueReceipt] {
    var receipts: [EnqueueReceipt] = []
    while receipts.count < jobs.count {
      let start = receipts.count
      let part = jobs[start..<min(start + JobLimits.batch, jobs.count)].map { job in
        var job = job
        job.parents = job.parents.map { parent in
          guard case .batch(let index) = parent else { return parent }
          return index < start ? .job(receipts[index].id) : .batch(index - start)
        }
        return job
      }
      receipts += try await queue.enqueue(part)
    }
    return receipts
  }
}
