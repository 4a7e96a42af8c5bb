import JobQueue
import Logging

/// Logs an outage once, and its end, however many jobs are affected.
actor GateLog {
  private let logger: Logger
  /// For each gate that is not known to be open again, when it was first found closed.
  private var closed: [String: Timestamp] = [:]

  init(logger: Logger) {
    self.logger = logger
  }

  /// Called when an attempt's end was recorded. An attempt that started before its gate closed does not show that the
  /// gate is open.
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
