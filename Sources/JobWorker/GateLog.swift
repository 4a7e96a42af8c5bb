internal import JobQueue
internal import Logging

/// Tells of an outage once, and of its end, however many jobs meet it.
actor GateLog {
  private let logger: Logger
  private var closed: Set<String> = []

  init(logger: Logger) {
    self.logger = logger
  }

  /// An attempt's end was recorded.
  func ended(_ outcome: Outcome, of job: Job) {
    guard let gate = job.gate else { return }
    switch outcome {
    case .closeGate(let closure):
      guard closed.insert(gate).inserted else { return }
      logger.warning("gate closed; a probe will open it", metadata: ["gate": "\(gate)", "cause": "\(closure.why)"])
    case .cancelled, .handBack: break
    case .done, .retry, .snooze, .hold, .dead:
      guard closed.remove(gate) != nil else { return }
      logger.notice("gate open again", metadata: ["gate": "\(gate)"])
    }
  }
}
