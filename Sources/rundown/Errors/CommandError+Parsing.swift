import Settings

extension CommandError {
  /// Turns an error of the command line parser into one of ours.
  /// - Parameter text: `Error: `, the cause, and lines that begin with `Help:`, `Usage:` or `See`.
  init(parsing text: String) {
    var lines = text.split(separator: "\n").map(String.init)
    let cause = String((lines.isEmpty ? "" : lines.removeFirst()).trimmingPrefix("Error: "))
    if let wrong = Self.wrongValue(cause, lines) {
      self.init(status: .input, diagnostics: [wrong])
      return
    }
    let (message, flag) = Self.plain(cause)
    var error = Diagnostic(code: "RD0301", message: message, flag: flag)
    for line in lines {
      let words = String(line.drop { $0 == " " })
      if words.hasPrefix("See '") {
        // The command that takes a file when no kind is given is not known by its own name.
        error.help = "see: " + words.dropFirst(5).prefix { $0 != "'" }.replacing("enqueue file ", with: "enqueue ")
      } else if words.hasPrefix("Help: ") {
        error.notes.append(String(words.dropFirst(6).drop { $0 == " " }))
      } else if !words.hasPrefix("Usage: ") {
        // The help has the complete usage.
        error.notes.append(words)
      }
    }
    self.init(status: .input, diagnostics: [error])
  }

  /// The parser's error in our words, with the option or argument that it is about.
  private static func plain(_ cause: String) -> (message: String, flag: String?) {
    let quoted = cause.split(separator: "'", omittingEmptySubsequences: false).dropFirst().first.map(String.init) ?? ""
    let option = quoted.hasPrefix("-") ? String(quoted.prefix { $0 != " " }) : nil
    if cause.hasPrefix("Missing expected argument '") {
      return (option.map { "\($0) is required" } ?? "missing argument \(quoted)", option)
    }
    if cause.hasPrefix("Missing value for '"), let option { return ("\(option) needs a value", option) }
    if cause.hasPrefix("Unexpected argument '") { return ("unexpected argument '\(quoted)'", quoted) }
    return (cause.prefix(1).lowercased() + cause.dropFirst(), nil)
  }

  /// `The value 'ded' is invalid for '--state <state>'. Please provide one of …`: the place is the option, and the help
  /// is the most similar word that it accepts.
  private static func wrongValue(_ cause: String, _ lines: [String]) -> Diagnostic? {
    let opening = "The value '"
    guard cause.hasPrefix(opening), let middle = cause.firstRange(of: "' is invalid for '") else { return nil }
    let value = String(cause[..<middle.lowerBound].dropFirst(opening.count))
    let field = cause[middle.upperBound...].prefix { $0 != "'" }
    let option = String(field.prefix { $0 != " " })
    let rest = cause[field.endIndex...]
    var words = lines.filter { $0.hasPrefix("  - ") }.map { String($0.dropFirst(4)) }
    if words.isEmpty, rest.contains("one of") {
      // Every second piece is between quotes; the first one ends what was quoted before.
      let pieces = rest.dropFirst().split(separator: "'", omittingEmptySubsequences: false)
      words = pieces.indices.filter { $0 % 2 == 1 }.map { String(pieces[$0]) }
    }
    let told = lines.first { $0.contains("Help:") }.map { line in
      String(
        line.drop { $0 == " " }.trimmingPrefix("Help:").drop { $0 == " " }.trimmingPrefix(field).drop { $0 == " " })
    }
    let near = Suggestion.nearest(to: value, among: words).map { "did you mean '\($0)'?" }
    let offered = words.isEmpty ? told : "use one of \(words.joined(separator: ", "))"
    // The code that reads the value may already have said what it accepts and what was meant.
    let own = rest.hasPrefix("': ") ? String(rest.dropFirst(3)) : nil
    return Diagnostic(
      code: "RD0301", message: "'\(value)' is not a valid value for \(option)", flag: option,
      help: near ?? own.map(Self.suggestion) ?? offered)
  }

  /// The question "did you mean" of a text, else all of it.
  private static func suggestion(in text: String) -> String {
    guard let start = text.firstRange(of: "did you mean ") else { return text }
    let question = text[start.lowerBound...].prefix { $0 != "?" }
    return "\(question)?"
  }
}
