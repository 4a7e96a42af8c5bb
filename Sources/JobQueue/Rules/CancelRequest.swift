/// An operator's request that a running job stops, and what it makes of the job's end.
public struct CancelRequest: Sendable, Hashable {
  /// What is said of a running job that was cancelled without a reason.
  public static let unexplained = "cancelled while it was running"

  /// Why, in the operator's words.
  public var reason: String?

  /// Creates a request; an empty reason is none.
  public init(reason: String? = nil) {
    self.reason = reason.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The request that a job's row holds.
  public init?(isRequested: Bool, reason: String?) {
    guard isRequested else { return nil }
    self.init(reason: reason)
  }

  /// The outcome to record. Whatever would run again is cancelled, and the operator's reason stands above the worker's;
  /// what is completed or dead stays so.
  public func applied(to outcome: Outcome) -> Outcome {
    switch outcome {
    case .done, .dead: outcome
    case .cancelled(let why): .cancelled(why: reason ?? why)
    case .retry, .snooze, .closeGate, .suspectsOutage, .hold, .handBack: .cancelled(why: reason ?? Self.unexplained)
    }
  }
}
