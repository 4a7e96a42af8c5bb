import JobQueue

extension Oracle {
  /// A worker gets what it asked for, in the order of the queue, and no job is passed over without a reason.
  func checkGrant(_ grant: Grant, _ after: [JobID: Job]) throws {
    var running: [String: Int] = [:]
    for job in after.values where job.state == .running {
      if let key = job.concurrencyKey { running[key, default: 0] += 1 }
    }
    for leased in grant.leased {
      guard let key = leased.job.concurrencyKey, let count = running[key] else { continue }
      let limit = grant.request.concurrencyLimit(of: key)
      try promise(count <= limit, "\(count) jobs of the key \(key) run at once instead of \(limit)")
    }
    for limit in grant.request.limits {
      let given = grant.leased.map(\.job).filter { $0.queue == limit.queue }
      try promise(given.count <= limit.count, "\(given.count) jobs were leased instead of \(limit.count)")
      let passedOver = after.values.filter { job in
        guard job.state == .ready, job.queue == limit.queue, mayPass(job, after),
          !stands(back: job, for: grant.request, grant.leased, after)
        else { return false }
        let hasRoom = job.concurrencyKey.map { running[$0] ?? 0 < grant.request.concurrencyLimit(of: $0) } ?? true
        return hasRoom && (given.count < limit.count || given.contains { isBefore(job, $0) })
      }
      if let job = passedOver.min(by: { $0.id < $1.id }) {
        throw InvariantViolation(what: "\(name(job.id)) was ready, nothing was in its way, and it was passed over")
      }
    }
  }

  private func isBefore(_ one: Job, _ other: Job) -> Bool {
    (-one.priority, one.runAt, one.id) < (-other.priority, other.runAt, other.id)
  }
}
