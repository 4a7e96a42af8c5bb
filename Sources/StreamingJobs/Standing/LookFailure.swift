import HTTPTransport
import JobQueue
import Secrets

/// Why the standing at a provider is unknown.
public struct LookFailure: Error, Sendable, Hashable {
  /// What would make the look succeed.
  public enum Cause: String, Sendable, Hashable, CaseIterable {
    /// Someone must provide a credential or a permission.
    case permission
    /// The same look may succeed later.
    case temporary
    /// Neither: the provider refuses the look, or something is wrong here.
    case other
  }

  /// The gate of the connection; nil for none.
  public var gate: String?
  /// What would make the look succeed.
  public var cause: Cause
  /// A sentence for people, free of secrets once ``ProviderScan`` returns it.
  public var reason: String
  /// Whether every other look through the same connection would fail, too.
  public var isOfConnection: Bool

  /// Describes a failure.
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
    // If a request was not sent, the status is that of the source of the credentials.
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
    // A bucket may belong to someone else.
    case .closeGateUnlessAlone: !(error.provider == "s3" && error.status == 403)
    case .closeGate, .closeGateOrWait: true
    case .suspectOutage: error.status == nil
    case .retry, .snooze, .budgetSpent, .hold, .dead: false
    }
  }
}
