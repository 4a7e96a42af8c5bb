package import JobQueue

/// Whether a registered worker is still running: one that crashed stays on the list until lost workers are looked for.
package struct WorkerLiveness: Sendable {
  /// A worker renews its registration at least twice in this time.
  package static let silence: Duration = .seconds(90)

  private let processes: any ProcessProbe

  /// - Parameter processes: sees the processes of this host.
  package init(processes: any ProcessProbe = LinuxProcessProbe()) { self.processes = processes }

  /// Checks the process of a worker on this host; for one on another host, checks when it was last heard from.
  package func lives(_ worker: WorkerRecord, at now: Timestamp) -> Bool {
    worker.host == processes.host ? processes.isAlive(worker) : worker.seenAt + Self.silence >= now
  }
}
