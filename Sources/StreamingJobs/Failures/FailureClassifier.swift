import HTTPTransport
public import JobQueue
import Secrets

/// What an error means for a job: one table per provider, and what all have in common.
public enum FailureClassifier {
  /// What the error of a handler means.
  public static func classify(_ error: any Error) -> Verdict {
    switch error {
    case let error as ProviderError: classify(error)
    case let error as MissingConnection: .hold(why: "\(error); add it there and retry the job")
    case let error as SecretError: .snooze(for: .seconds(60), why: "\(error)")
    case let error as JobStoreError:
      .retry(Failure(code: error.code.rawValue, message: "\(error)", hint: error.hint))
    default: .retry(Failure(code: "unexpected", message: "\(error)"))
    }
  }

  /// What the answer of a provider, or its absence, means.
  static func classify(_ error: ProviderError) -> Verdict {
    if error.delivery == .notSent, let verdict = neverLeft(error) { return verdict }
    switch error.provider {
    case "wowza-engine": return EngineFailures.classify(error)
    case "wowza-video": return VideoFailures.classify(error)
    default: return S3Failures.classify(error)
    }
  }

  /// What stopped a request before it left, as far as it means the same for every provider.
  private static func neverLeft(_ error: ProviderError) -> Verdict? {
    switch error.code {
    // Nobody was reached: that is the host's fault, not the job's, and burns no attempt.
    case "connect", "connect-timeout", "name-resolution", "tls":
      .snooze(for: .seconds(5), why: "\(error.operation) \(error.target): \(error.message); looking again")
    // Their source did not give any: a matter of the worker's configuration or of that source.
    case "no-credentials", "NoCredentials":
      error.comeBack(after: .seconds(60), "\(error.message)\(error.hint.map { "; \($0)" } ?? "")")
    // The connection speaks a version that lacks this, for all jobs alike, until a person changes it.
    case "unsupported-version":
      .hold(why: "\(error.operation) \(error.target): \(error.message)\(error.hint.map { "; \($0)" } ?? "")")
    case "invalid-request": error.final
    default: nil
    }
  }
}

extension ProviderError {
  /// The failure as the job's history keeps it.
  var failure: Failure {
    var message = "\(operation) \(target): "
    if let status { message += "\(status) " }
    return Failure(
      code: code ?? status.map { "http-\($0)" } ?? "unknown", message: message + self.message, hint: hint,
      requestID: requestID)
  }

  /// Try again, when the provider said, else with backoff; counts against the job.
  var tryAgain: Verdict { .retry(failure, requested: retryAfter) }

  /// Not the job's fault: come back when the provider said, else after `fallback`.
  func comeBack(after fallback: Duration, _ reason: String) -> Verdict {
    .snooze(for: retryAfter ?? fallback, why: "\(operation) \(target): \(reason)")
  }

  /// It will never work as it stands.
  var final: Verdict { .dead(failure) }
}
