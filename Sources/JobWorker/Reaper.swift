package import JobQueue
import Logging

/// Takes jobs back from lost workers: when their lease has run out, or at once if their process on this host is gone.
/// Reports whether workers of this host are alive, because one that merely stands still has not crashed.
package struct Reaper: Duty {
  /// Short enough for "five seconds after the process is gone".
  static let period: Duration = .seconds(4)

  package let name = "reap"
  package let period: Duration = Reaper.period
  package let periodAfterFailure: Duration = Reaper.period
  let store: any MaintenanceStore
  let worker: WorkerID
  let processes: any ProcessProbe
  let terms: LeaseTerms
  let leaseSignal: WakeSignal
  let logger: Logger
  let events: @Sendable (WorkerEvent) -> Void

  package func runOnce(now: Timestamp) async throws -> Timestamp? {
    let watch = HostWatch(host: processes.host, worker: worker, isAlive: processes.isAlive)
    await report(try await store.reap(watching: watch, terms: terms, at: now).jobs)
    return nil
  }

  private func report(_ reaped: [JobID: JobState]) async {
    guard !reaped.isEmpty else { return }
    for (job, state) in reaped.sorted(by: { $0.key < $1.key }) {
      logger.warning("reclaimed a job from a lost worker", metadata: ["job": "\(job)", "state": "\(state.rawValue)"])
    }
    events(.reaped(reaped))
    await leaseSignal.signal()
  }
}
