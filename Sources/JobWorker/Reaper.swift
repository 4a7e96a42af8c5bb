package import JobQueue
internal import Logging

/// Takes jobs back from lost workers: when their lease ran out, or at once when their process on this host is gone.
/// Says of the workers of this host whether they live, since one that stands still is no crash.
package struct Reaper: Duty {
  static let batch = 200
  /// A worker of another host that was not heard of for so long is forgotten; its leases ended long before.
  static let forgetAfter: Duration = .seconds(86_400)

  /// Short enough for "five seconds after the process is gone".
  static let period: Duration = .seconds(4)

  package let name = "reap"
  package let period: Duration = Reaper.period
  package let periodAfterFailure: Duration = Reaper.period
  let store: any JobStore
  let worker: WorkerID
  let processes: any ProcessProbe
  let terms: LeaseTerms
  let leaseSignal: WakeSignal
  let logger: Logger
  let events: @Sendable (WorkerEvent) -> Void

  package func runOnce(now: Timestamp) async throws -> Timestamp? {
    let others = try await store.status().workers.filter { $0.id != worker }
    let here = others.filter { $0.host == processes.host }
    let gone = here.filter { !processes.isAlive($0) }.map(\.id)
    let sightings = WorkerSightings(gone: gone, alive: here.map(\.id).filter { !gone.contains($0) } + [worker])
    var taken = Self.batch
    while taken >= Self.batch {
      let reaped = try await store.reap(sightings, terms: terms, limit: Self.batch, at: now)
      taken = reaped.count
      await tell(reaped)
    }
    let forgotten = others.filter { $0.host != processes.host && $0.seenAt + Self.forgetAfter < now }.map(\.id)
    if !gone.isEmpty || !forgotten.isEmpty { try await store.retire(gone + forgotten) }
    return nil
  }

  private func tell(_ reaped: [JobID: JobState]) async {
    guard !reaped.isEmpty else { return }
    for (job, state) in reaped.sorted(by: { $0.key < $1.key }) {
      logger.warning("took a job back from a lost worker", metadata: ["job": "\(job)", "state": "\(state.rawValue)"])
    }
    events(.reaped(reaped))
    await leaseSignal.signal()
  }
}
