package import JobQueue

/// Whether a worker that announced itself still works: one that crashed stays on the list until somebody looks for lost
/// ones.
package struct WorkerLiveness: Sendable {
  /// A worker announces itself twice and more in that time.
  package static let silence: Duration = .seconds(90)

  private let processes: any ProcessProbe

  /// - Parameter processes: sees the processes of this host.
  package init(processes: any ProcessProbe = LinuxProcessProbe()) { self.processes = processes }

  /// Asks for the process of a worker of this host, and goes by when one of another host was last heard of.
  package func lives(_ worker: WorkerRecord, at now: Timestamp) -> Bool {
    worker.host == processes.host ? processes.isAlive(worker) : worker.seenAt + Self.silence >= now
  }
}
