/// The result of one check.
package struct CheckResult: Encodable, Sendable {
  /// The state of what was checked.
  package enum State: String, Encodable, Sendable {
    case good, unwise, bad, refused
  }

  package var state: State
  /// What was checked.
  package var subject: String
  /// What was found.
  package var words: String
  /// How to fix it; never nil for bad or refused results.
  package var fix: String?

  package init(state: State, subject: String, words: String, fix: String? = nil) {
    self.state = state
    self.subject = subject
    self.words = words
    self.fix = fix
  }
}
