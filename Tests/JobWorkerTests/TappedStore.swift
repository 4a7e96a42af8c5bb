import JobQueue
import JobQueueTestKit

/// A store whose verbs a test can watch, hold up and let fail.
struct TappedStore: StoreWrapper {
  let base: any JobStore
  let tap: Tap
  /// Whether it tells of new work; a store may leave wake-ups out.
  var wakes = true
  /// What it tells instead of its own words.
  var told: AsyncStream<Void>?

  func lease(_ request: LeaseRequest, at now: Timestamp) async throws -> [LeasedJob] {
    try await tap.pass(.lease(request))
    return try await base.lease(request, at: now)
  }

  func extend(_ leases: [Lease], by duration: Duration, at now: Timestamp) async throws -> [Lease: LeaseStatus] {
    try await tap.pass(.extend(leases))
    return try await base.extend(leases, by: duration, at: now)
  }

  func complete(_ completions: [Completion], at now: Timestamp) async throws -> [CompletionReceipt] {
    try await tap.pass(.complete(completions, thenLease: nil))
    return try await base.complete(completions, at: now)
  }

  func complete(
    _ completions: [Completion], thenLease request: LeaseRequest, at now: Timestamp
  ) async throws -> (receipts: [CompletionReceipt], leased: [LeasedJob]) {
    try await tap.pass(.complete(completions, thenLease: request))
    return try await base.complete(completions, thenLease: request, at: now)
  }

  func prune(finishedBefore moment: Timestamp, limit: Int) async throws -> Int {
    try await tap.pass(.prune(before: moment, limit: limit))
    return try await base.prune(finishedBefore: moment, limit: limit)
  }

  func wakeUps() -> AsyncStream<Void> { wakes ? told ?? base.wakeUps() : AsyncStream { _ in } }
}

/// Where a test puts its hand on a ``TappedStore``.
actor Tap {
  enum Call: Sendable {
    case lease(LeaseRequest)
    case extend([Lease])
    case complete([Completion], thenLease: LeaseRequest?)
    case prune(before: Timestamp, limit: Int)
  }

  private(set) var calls: [Call] = []
  private var hand: @Sendable (Call) async throws -> Void = { _ in }

  /// From now on every call goes through `hand` first.
  func put(_ hand: @escaping @Sendable (Call) async throws -> Void) {
    self.hand = hand
  }

  fileprivate func pass(_ call: Call) async throws {
    calls.append(call)
    try await hand(call)
  }

  var completions: [[Completion]] {
    calls.compactMap { if case .complete(let completions, _) = $0 { completions } else { nil } }
  }

  /// What was asked for in the place of jobs that ended.
  var refills: [LeaseRequest] {
    calls.compactMap { if case .complete(_, let request) = $0 { request } else { nil } }
  }

  var leaseRequests: [LeaseRequest] {
    calls.compactMap { if case .lease(let request) = $0 { request } else { nil } }
  }
}

extension JobStoreError {
  /// A store that does not answer.
  static let outage = JobStoreError(code: .unavailable, operation: "test", target: "store", cause: "switched off")
}
