import JobQueue
import Secrets
import Settings

/// Why a command ends early: what is told on standard error, and the exit status.
struct CommandError: Error {
  /// How the command ends.
  var status: ExitStatus
  /// The word in brackets after `error`.
  var code: String?
  /// One sentence.
  var message: String
  /// Further facts.
  var notes: [String] = []
  /// The way out.
  var help: String?
  /// Whether everything was told already.
  var isSilent = false
  /// Errors in a person's own files; when there are any, they are told instead of the message.
  var diagnostics: [Diagnostic] = []

  /// So many errors of a file are shown; more would push the first ones off the screen.
  private static let mostShown = 20

  /// The text for standard error, without a last line break.
  func rendered() -> String {
    guard diagnostics.isEmpty else {
      let shown = diagnostics.prefix(Self.mostShown).map { $0.rendered() }
      let rest = diagnostics.count - shown.count
      // A reader stops at some number of errors, so there may be still more.
      return (shown + (rest > 0 ? ["… and at least \(rest) more"] : [])).joined(separator: "\n\n")
    }
    var lines = ["error\(code.map { "[\($0)]" } ?? ""): \(message)"]
    lines += notes.map { " = note: \($0)" }
    if let help { lines.append(" = help: \(help)") }
    return lines.joined(separator: "\n")
  }
}

extension CommandError {
  /// A wrong flag, file or value.
  static func input(_ message: String, help: String? = nil) -> CommandError {
    CommandError(status: .input, message: message, help: help)
  }

  /// An end that needs no words.
  static func silent(_ status: ExitStatus) -> CommandError {
    CommandError(status: status, message: "", isSilent: true)
  }

  /// Errors in a person's own files.
  static func files(_ diagnostics: [Diagnostic]) -> CommandError {
    CommandError(status: .input, message: "", diagnostics: diagnostics)
  }

  /// Whatever a command threw.
  init(_ error: any Error) {
    switch error {
    case let error as CommandError: self = error
    case let error as JobStoreError: self.init(error)
    case let error as InvalidParameters: self.init(error)
    case let error as Diagnostic: self = .files([error])
    case let error as SecretError:
      self.init(
        status: .notAllowed, code: error.code.rawValue, message: "secret \(error.reference): \(error.cause)",
        help: error.hint)
    case is CancellationError: self.init(status: .interrupted, message: "stopped")
    default: self.init(status: .failed, message: "\(error)")
    }
  }

  private init(_ error: JobStoreError) {
    self.init(
      status: Self.status(of: error.code), code: error.code.rawValue,
      message: "\(error.operation) \(error.target): \(error.cause)", help: error.hint)
  }

  private init(_ error: InvalidParameters) {
    self.init(
      status: .input, message: "these parameters do not make a job of kind \(error.kind)",
      notes: error.issues.map { "\($0.field): \($0.message)" + ($0.hint.map { "; \($0)" } ?? "") })
  }

  private static func status(of code: JobStoreError.Code) -> ExitStatus {
    switch code {
    case .busy, .corrupt, .tooNew, .exposed, .readOnly, .replaced, .unavailable: .store
    case .noSuchJob, .noSuchParent, .noSuchStore: .notFound
    case .invalid: .input
    // A full disk ends when somebody makes room: the same command works then.
    case .full: .temporary
    default: .failed
    }
  }
}
