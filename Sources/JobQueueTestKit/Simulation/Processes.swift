import JobQueue
import JobWorker
import Threading

/// The processes of a run's workers, and the hosts that they run on. Nobody sees what happens on another host.
final class Processes: Sendable {
  private struct State {
    var hosts: [WorkerID: String] = [:]
    var running: Set<WorkerID> = []
  }

  private let state = MutexBox(State())

  func begin(_ worker: WorkerID, on host: String) {
    state.withLock { state in
      state.hosts[worker] = host
      state.running.insert(worker)
    }
  }

  func end(_ worker: WorkerID) { state.withLock { _ = $0.running.remove(worker) } }

  func isRunning(_ worker: WorkerID) -> Bool { state.withLock { $0.running.contains(worker) } }

  func host(of worker: WorkerID) -> String { state.withLock { $0.hosts[worker] ?? "" } }

  /// What a worker sees of them.
  func probe(of worker: WorkerID) -> any ProcessProbe { Probe(processes: self, host: host(of: worker)) }

  private struct Probe: ProcessProbe {
    let processes: Processes
    let host: String
    let processID: Int32 = 1
    let processStart = ""

    func isAlive(_ worker: WorkerRecord) -> Bool { processes.isRunning(worker.id) }
  }
}
