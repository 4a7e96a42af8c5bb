import JobQueue
import Manifests
import ProcessStart
import Secrets
import Settings
import StreamingJobs

/// Why a command ends early: what it prints on standard error, and its exit status.
struct CommandError: Error {
  /// How the command ends.
  var status: ExitStatus
  /// What is printed, each with a code for `rundown explain`; empty if everything has been printed already.
  var diagnostics: [Diagnostic]

  /// The maximum number of errors shown; more would push the first ones off the screen.
  private static let mostShown = 20

  /// Whether everything has been printed already.
  var isSilent: Bool { diagnostics.isEmpty }

  /// The text for standard error, without a last line break.
  func rendered() -> String {
    let shown = diagnostics.prefix(Self.mostShown).map { $0.rendered() }
    let rest = diagnostics.count - shown.count
    // A reader stops after a number of errors, so there may be more.
    return (shown + (rest > 0 ? ["… and at least \(rest) more"] : [])).joined(separator: "\n\n")
  }
}

extension CommandError {
  /// The same error with its place on the command line.
  func of(flag: String) -> CommandError {
    var error = self
    for index in error.diagnostics.indices { error.diagnostics[index].flag = flag }
    return error
  }

  /// One error.
  /// - Parameters:
  ///   - code: the code for `rundown explain`.
  ///   - message: one sentence.
  ///   - flag: the place on the command line.
  ///   - help: what to do.
  init(status: ExitStatus, code: String, message: String, flag: String? = nil, help: String? = nil) {
    self.init(status: status, diagnostics: [Diagnostic(code: code, message: message, flag: flag, help: help)])
  }

  /// An error in an option, a file or a value.
  static func input(_ code: String, _ message: String, flag: String? = nil, help: String? = nil) -> CommandError {
    CommandError(status: .input, code: code, message: message, flag: flag, help: help)
  }

  /// An option whose value is not a valid duration.
  static func noSpan(_ text: String, flag: String) -> CommandError {
    .input("RD0302", "'\(text)' is not a valid duration", flag: flag, help: "write 90s, 10m, 2h or 7d")
  }

  /// An exit without any message.
  static func silent(_ status: ExitStatus) -> CommandError { CommandError(status: status, diagnostics: []) }

  /// Errors in the user's files.
  static func files(_ diagnostics: [Diagnostic]) -> CommandError {
    CommandError(status: .input, diagnostics: diagnostics)
  }

  /// Any error that a command threw.
  init(_ error: any Error) {
    switch error {
    case let error as CommandError: self = error
    case let error as JobStoreError: self.init(error)
    case let error as InvalidParameters: self.init(error)
    case let error as Diagnostic: self = .files([error])
    case let error as JobFileProblems: self = .files(error.diagnostics)
    case let error as SecretError:
      self.init(
        status: .notAllowed, code: error.code.rawValue, message: "secret \(error.reference): \(error.cause)",
        help: error.hint)
    case let error as UnusableArguments: self.init(error)
    case is CancellationError: self.init(status: .interrupted, code: "interrupted", message: "stopped")
    default: self.init(status: .failed, code: "unexpected", message: "\(error)")
    }
  }

  private init(_ error: UnusableArguments) {
    switch error {
    case .none: self = .input("RD0301", error.message, help: "see: rundown --help")
    case .notUTF8(let flag, let shown):
      self = .input(
        "RD0310", error.message, flag: flag,
        help: "names and keys must be UTF-8; rename it, or write it in UTF-8: \(shown)")
    }
  }

  private init(_ error: JobStoreError) {
    self.init(
      status: Self.status(of: error.code), code: error.code.rawValue,
      message: "\(error.operation) \(error.target): \(error.cause)", help: error.hint)
  }

  /// As in a file of jobs, but with the parameter's option instead of its line.
  private init(_ error: InvalidParameters) {
    let fields = JobKinds.streaming.named(error.kind)?.fields ?? []
    self.init(
      status: .input,
      diagnostics: error.issues.map { issue in
        Diagnostic(
          code: "RD0205", message: "\(issue.field): \(issue.message)",
          flag: fields.first { $0.name == issue.field }.map { "--\($0.flag)" },
          help: issue.hint ?? "see: rundown enqueue \(error.kind) --help")
      })
  }

  private static func status(of code: JobStoreError.Code) -> ExitStatus {
    switch code {
    case .busy, .corrupt, .tooNew, .exposed, .readOnly, .replaced, .foreignLog, .missingLog, .hardLinked,
      .unavailable, .outcomeUnknown:
      .store
    case .noSuchJob, .noSuchParent, .noSuchStore: .notFound
    case .invalid, .storeGroup: .input
    // A full disk is temporary: once there is space, the same command works.
    case .full: .temporary
    default: .failed
    }
  }
}
