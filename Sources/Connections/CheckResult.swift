/// What one check found.
package struct CheckResult: Encodable, Sendable {
  /// How it is.
  package enum State: String, Encodable, Sendable {
    case good, unwise, bad, refused
  }

  package var state: State
  /// What was looked at.
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
