import JobQueue
import JobWorker
import Logging
import Presentation
import Threading

/// What a worker with `--once` waits for while no job of its queues can run: a closed gate. Each closure is reported
/// once.
struct OnceReport: Duty {
  let name = "report what is waited for"
  let period: Duration = .seconds(2)

  private let store: any QueryStore
  private let queues: Set<String>
  private let logger: Logger
  private let told = Told()

  private final class Told: Sendable {
    private let keys = MutexBox<Set<String>>([])

    func isNew(_ key: String) -> Bool { keys.withLock { $0.insert(key).inserted } }
  }

  init(store: any QueryStore, queues: Set<String>, logger: Logger) {
    self.store = store
    self.queues = queues
    self.logger = logger
  }

  func runOnce(now: Timestamp) async throws -> Timestamp? {
    let status = try await store.status()
    func count(_ state: JobState) -> Int {
      queues.reduce(0) { $0 + (status.counts[$1]?[state.rawValue] ?? 0) }
    }
    guard count(.ready) > 0, count(.running) == 0 else { return nil }
    for status in try await store.gates() where status.gate.state == .closed && status.waiting > 0 {
      let gate = status.gate
      guard told.isNew("\(gate.key) \(gate.closures) \(gate.closedManually)") else { continue }
      let probe = gate.until.map(TimeText.exact) ?? "when an operator opens it"
      logger.notice(
        "waiting for a closed gate",
        metadata: [
          "gate": "\(gate.key)", "jobs": "\(status.waiting)", "cause": "\(gate.reason)", "probe": "\(probe)",
        ])
    }
    return nil
  }
}
