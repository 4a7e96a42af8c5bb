import HTTPTransport
public import JobQueue
import Secrets

/// What an error means for a job: a table for each provider, and one for requests that were not sent.
public enum FailureClassifier {
  /// What the error of a handler means.
  public static func classify(_ error: any Error) -> Verdict {
    switch error {
    case let error as ProviderError: row(for: error).verdict(on: error)
    case let error as MissingConnection: .hold(why: "\(error); add it, then retry the job")
    case let error as SecretError: .snooze(for: .seconds(60), why: "\(error)")
    case let error as JobStoreError:
      .retry(Failure(code: error.code.rawValue, message: "\(error)", hint: error.hint))
    default: .retry(Failure(code: "unexpected", message: "\(error)"))
    }
  }

  /// The row that decides about a provider's response, or its absence.
  static func row(for error: ProviderError) -> FailureRow {
    (UnsentFailures.rows + ForeignFailures.rows).first { $0.takes(error) }
      ?? ProviderFailures.of(error.provider).table.row(for: error)
  }
}
