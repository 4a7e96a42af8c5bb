import HTTPTransport
import JobQueue

/// What Wowza Video's answers mean, row by row. The codes are matched, never the sentences: those have typing errors.
enum VideoFailures {
  static func classify(_ error: ProviderError) -> Verdict {
    switch error.code {
    // Nothing that this job can mend, and one change in the configuration mends it for all.
    case "ERR-401-NoApiKey", "ERR-401-NoAccessKey", "ERR-401-InvalidApiKey", "ERR-401-InvalidAccessKey",
      "ERR-401-InvalidKeyLength":
      return error.comeBack(after: .seconds(60), "the credentials are refused; \(error.hint ?? "")")
    // A clock that is off, or a wrong key.
    case "ERR-401-InvalidSignature": return error.tryAgain
    // The account has to be put in order by a person.
    case "ERR-401-ExpiredToken", "ERR-401-InvalidToken":
      return error.comeBack(after: .seconds(60), "the token is refused; \(error.hint ?? "")")
    case "ERR-401-BadAccountStatus", "ERR-401-TrialExceeded":
      return error.comeBack(after: .seconds(300), "the account is not in order; \(error.hint ?? "")")
    case "ERR-401-FeatureNotEnabled": return error.final
    case "ERR-403-RecordUnaccessible", "ERR-404-RecordNotFound", "ERR-410-RecordDeleted", "ERR-422-RecordInvalid":
      return error.final
    // No server was asked, and none ever will be: an id or an address is wrong.
    case "invalid-request": return error.final
    // The connection speaks a version that lacks this, for all jobs alike, until a person changes it.
    case "unsupported-version":
      return .hold(why: "\(error.operation) \(error.target): \(error.message); \(error.hint ?? "")")
    // Reading the state again decides.
    case "ERR-422-InvalidStateChange": return error.comeBack(after: .seconds(5), "its state does not allow this now")
    // The asset is still in processing.
    case "ERR-422-NotAvailable": return error.comeBack(after: .seconds(15), "the asset is not available yet")
    default: return classify(status: error)
    }
  }

  private static func classify(status error: ProviderError) -> Verdict {
    switch error.status {
    // Nothing complete came back: the effect's next look tells what happened.
    case nil: error.tryAgain
    case 401: error.comeBack(after: .seconds(60), "the account refuses the request: \(error.message)")
    // No code is known for it: ten live streams or stream sources were made within three hours.
    case 409: error.comeBack(after: .seconds(600), "a limit of the account is reached: \(error.message)")
    case 429: error.comeBack(after: .seconds(30), "too many requests")
    case 503: error.comeBack(after: .seconds(10), "the service is not available")
    case .some(let status) where status < 300 || status == 408 || status >= 500: error.tryAgain
    default: error.final
    }
  }
}
