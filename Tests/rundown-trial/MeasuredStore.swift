import JobQueue
import JobQueueTestKit

/// A store that measures how long each write takes, and counts what it answered.
struct MeasuredStore: StoreWrapper {
  let base: any JobStore
  let meter: Meter

  func lease(_ request: LeaseRequest, at now: Timestamp) async throws -> [LeasedJob] {
    try await measure { try await base.lease(request, at: now) }
  }

  func extend(_ leases: [Lease], by duration: Duration, at now: Timestamp) async throws -> [Lease: LeaseStatus] {
    try await measure {
      try await base.extend(leases, by: duration, at: now)
    } note: { statuses, report in
      report.refused += statuses.values.filter { $0 == .lost }.count
    }
  }

  func complete(_ completions: [Completion], at now: Timestamp) async throws -> [CompletionReceipt] {
    try await measure {
      try await base.complete(completions, at: now)
    } note: { receipts, report in
      report.note(receipts)
    }
  }

  func complete(
    _ completions: [Completion], thenLease request: LeaseRequest, at now: Timestamp
  ) async throws -> (receipts: [CompletionReceipt], leased: [LeasedJob]) {
    try await measure {
      try await base.complete(completions, thenLease: request, at: now)
    } note: { answer, report in
      report.note(answer.receipts)
      report.relayed += answer.leased.count
    }
  }

  func promoteDue(at now: Timestamp, limit: Int) async throws -> Promotion {
    try await measure { try await base.promoteDue(at: now, limit: limit) }
  }

  func reap(
    _ sightings: WorkerSightings, terms: LeaseTerms, limit: Int, at now: Timestamp
  ) async throws -> [JobID: JobState] {
    try await measure {
      try await base.reap(sightings, terms: terms, limit: limit, at: now)
    } note: { jobs, report in
      report.reaped += jobs.count
    }
  }

  func announce(_ worker: WorkerRecord) async throws { try await measure { try await base.announce(worker) } }

  private func measure<Answer: Sendable>(
    _ call: () async throws -> Answer, note: @escaping @Sendable (Answer, inout TrialReport) -> Void = { _, _ in }
  ) async throws -> Answer {
    let began = ContinuousClock.now
    do {
      let answer = try await call()
      await meter.passed(began) { note(answer, &$0) }
      return answer
    } catch {
      await meter.failed(error)
      throw error
    }
  }
}
