import HTTPTransport
import JobQueue
import Secrets

/// Why nobody can say how a provider stands to a job.
public struct LookFailure: Error, Sendable, Hashable {
  /// What would have to happen for a look to succeed.
  public enum Cause: String, Sendable, Hashable, CaseIterable {
    /// Somebody must give a credential or a permission.
    case permission
    /// The same look may succeed later.
    case temporary
    /// Neither: the provider refuses the look, or something here is wrong.
    case other
  }

  /// The gate of the connection that was asked; nil for none.
  public var gate: String?
  /// What would have to happen.
  public var cause: Cause
  /// The sentence for a person, free of secrets once ``ProviderScan`` hands it out.
  public var reason: String
  /// Whether every other look at the same connection would meet it, too.
  public var isOfConnection: Bool

  /// Tells of a failure.
  package init(gate: String?, cause: Cause, reason: String, isOfConnection: Bool) {
    self.gate = gate
    self.cause = cause
    self.reason = reason
    self.isOfConnection = isOfConnection
  }

  /// What an error of a look means.
  init(_ error: any Error, gate: String?) {
    self.gate = gate
    isOfConnection = false
    switch error {
    case let error as ProviderError:
      let row = FailureClassifier.row(for: error)
      reason = row.sentence(error)
      cause = Self.cause(error, row.means)
      isOfConnection = Self.isOfConnection(error, row.means)
    case let error as SecretError:
      (cause, reason) = (.permission, "\(error)")
    case Verdict.dead(let failure):
      (cause, reason) = (.other, failure.message + (failure.hint.map { "; \($0)" } ?? ""))
    case Verdict.hold(let why):
      (cause, reason) = (.other, why)
    default:
      (cause, reason) = (.other, "\(error)")
    }
  }

  private static func cause(_ error: ProviderError, _ means: FailureMeaning) -> Cause {
    let lacksCredentials = ["no-credentials", "NoCredentials"].contains(error.code ?? "")
    // A status of what was not sent is that of whoever was asked for the credentials.
    let isRefused = [401, 403].contains(error.status ?? 0) || error.delivery == .notSent && error.status != nil
    if lacksCredentials || isRefused { return .permission }
    switch means {
    case .hold, .dead: return .other
    case .retry, .suspectOutage, .closeGate, .closeGateUnlessAlone, .closeGateOrWait, .snooze, .budgetSpent:
      return .temporary
    }
  }

  private static func isOfConnection(_ error: ProviderError, _ means: FailureMeaning) -> Bool {
    switch means {
    // A bucket may be somebody else's.
    case .closeGateUnlessAlone: !(error.provider == "s3" && error.status == 403)
    case .closeGate, .closeGateOrWait: true
    case .suspectOutage: error.status == nil
    case .retry, .snooze, .budgetSpent, .hold, .dead: false
    }
  }
}
