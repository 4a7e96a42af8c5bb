import Settings

/// What was wrong with a manifest or a sheet while it was read. Whatever could be read is expanded all the same, so that
/// everything that is wrong is reported in one round.
struct ReadingProblems: Sendable {
  /// In the order of the file.
  let diagnostics: [Diagnostic]

  init(_ diagnostics: [Diagnostic] = []) { self.diagnostics = diagnostics }

  /// These, and what an expansion found beyond them.
  /// - Parameter found: what is wrong with the streams; left out is a missing value that was given, but could not be read.
  func joined(with found: [Diagnostic]) -> [Diagnostic] {
    Array((diagnostics + found.filter { !follows($0) }).prefix(CSVTable.mostDiagnostics))
  }

  /// Whether a value is missing because the one that was given is reported here already.
  private func follows(_ problem: Diagnostic) -> Bool {
    guard let field = Self.missingField(problem) else { return false }
    return diagnostics.contains { $0.message.contains(field) || $0.help?.contains("\"\(field)") == true }
  }

  /// The first word of the path of the field that a problem misses; nil for a problem of another kind.
  private static func missingField(_ problem: Diagnostic) -> String? {
    switch problem.code {
    case "RD0410":
      // awsRegion is what region means when no region of the manifest has its name.
      if problem.message.contains("no AWS region") { return "egion" }
      return problem.message.split(separator: " ").first?.split(separator: ".").first.map(String.init)
    case "RD0406" where problem.message.hasSuffix("has no time zone"): return "timezone"
    default: return nil
    }
  }
}
