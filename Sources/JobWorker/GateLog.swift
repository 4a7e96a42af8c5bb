import JobQueue
import Logging

/// Tells of an outage once, and of its end, however many jobs meet it.
actor GateLog {
  private let logger: Logger
  /// When each gate that is not known to be open again was met closed first.
  private var closed: [String: Timestamp] = [:]

  init(logger: Logger) {
    self.logger = logger
  }

  /// An attempt's end was recorded. One that began before its gate closed says nothing of the gate's opening.
  /// - Parameters:
  ///   - outcome: what the store recorded.
  ///   - gate: the gate of its job.
  func ended(_ end: Completion, as outcome: Outcome, behind gate: String, startedAt: Timestamp, at now: Timestamp) {
    if case .closeGate(let closure) = outcome, closed[gate] == nil {
      closed[gate] = now
      logger.warning(
        "gate closed; it reopens when a probe gets through", metadata: ["gate": "\(gate)", "cause": "\(closure.why)"])
    } else if end.provesAnAnswer, let since = closed[gate], startedAt > since {
      closed[gate] = nil
      logger.notice("gate reopened", metadata: ["gate": "\(gate)"])
    }
  }
}
