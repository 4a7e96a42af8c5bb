import HTTPTransport
import JobQueue

/// What the Streaming Engine's answers mean, row by row.
enum EngineFailures {
  static func classify(_ error: ProviderError) -> Verdict {
    switch error.status {
    // No server was asked, and none ever will be: a name or an address is wrong.
    case nil where error.code == "invalid-request": error.final
    // Nothing complete came back: the effect's next look tells what happened.
    case nil: error.tryAgain
    // The engine's user or password changed, or its authentication mode: a matter of the engine, not of the job.
    case 401: error.comeBack(after: .seconds(60), "the engine does not know these credentials; \(error.hint ?? "")")
    // Its list of allowed addresses leaves this machine out.
    case 403: error.comeBack(after: .seconds(60), "the engine refuses this machine; \(error.hint ?? "")")
    // Unknown application, or an entry that was removed in between.
    case 404: error.final
    // Somebody made the same entry at the same moment: looking again finds it.
    case 409: error.tryAgain
    case 429: error.comeBack(after: .seconds(30), "too many requests")
    case 503: error.comeBack(after: .seconds(10), "the engine is not available")
    // A 2xx that cannot be read or says success: false, a slow server, a server in trouble.
    case .some(let status) where status < 300 || status == 408 || status >= 500: error.tryAgain
    default: error.final
    }
  }
}
