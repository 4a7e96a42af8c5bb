import JobQueue
import Manifests
import Settings

/// Reading job files in a folder `/here` at a moment of the tests' own.
enum Given {
  static let now = Timestamp(milliseconds: 1_800_000_000_000)

  /// A file whose first two lines are the usual ones.
  static func file(_ jobs: String) -> Result<JobFile, JobFileProblems> {
    whole("apiVersion: rundown/v1\nkind: Jobs\n" + jobs)
  }

  static func whole(_ text: String) -> Result<JobFile, JobFileProblems> {
    JobFile.read(text, file: "cup.yaml", now: now) { "/here/" + $0 }
  }

  static func lines(_ text: String) -> Result<JobFile, JobFileProblems> {
    JobFile.readLines(text, file: "standard input", now: now) { "/here/" + $0 }
  }

  /// What is wrong with a file; empty when nothing is.
  static func diagnostics(_ result: Result<JobFile, JobFileProblems>) -> [Diagnostic] {
    if case .failure(let problems) = result { problems.diagnostics } else { [] }
  }

  /// `code line:column` of each error.
  static func places(_ result: Result<JobFile, JobFileProblems>) -> [String] {
    diagnostics(result).map { "\($0.code) \($0.location.map { "\($0.line):\($0.column)" } ?? "-")" }
  }
}
