/// An operator's request to stop a running job, and its effect on how the job ends.
public struct CancelRequest: Sendable, Hashable {
  /// The reason shown for a running job that was cancelled without one.
  public static let unexplained = "cancelled while it was running"

  /// Why, in the operator's words.
  public var reason: String?

  /// Creates a request; an empty reason counts as none.
  public init(reason: String? = nil) {
    self.reason = reason.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The request stored in a job's row.
  public init?(isRequested: Bool, reason: String?) {
    guard isRequested else { return nil }
    self.init(reason: reason)
  }

  /// The outcome to record. A job that would run again is cancelled, and the operator's reason replaces the worker's; a
  /// job that is completed or dead stays so.
  public func applied(to outcome: Outcome) -> Outcome {
    switch outcome {
    case .done, .dead: outcome
    case .cancelled(let why): .cancelled(why: reason ?? why)
    case .retry, .snooze, .closeGate, .suspectsOutage, .hold, .handBack: .cancelled(why: reason ?? Self.unexplained)
    }
  }
}
