import Settings

extension CommandError {
  /// What the parser of the command line said, in the form of all our errors.
  /// - Parameter text: `Error: `, the cause, and lines that begin with `Help:`, `Usage:` or `See`.
  init(parsing text: String) {
    var lines = text.split(separator: "\n").map(String.init)
    let cause = lines.isEmpty ? "" : lines.removeFirst()
    var error = Diagnostic(code: "RD0301", message: String(cause.trimmingPrefix("Error: ")))
    for line in lines {
      let words = String(line.drop { $0 == " " })
      if words.hasPrefix("See '") {
        error.help = "s" + words.dropFirst().prefix { $0 != "." }
      } else if words.hasPrefix("Usage: ") || words.hasPrefix("Help: ") || error.notes.isEmpty {
        error.notes.append(words)
      } else {
        error.notes[error.notes.count - 1] += "\n" + line
      }
    }
    self.init(status: .input, diagnostics: [error])
  }
}
