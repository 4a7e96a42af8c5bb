import Settings

/// Errors found while a manifest or a sheet was read. Whatever could be read is still expanded, so that all errors are
/// reported in one round.
struct ReadingProblems: Sendable {
  /// In the order of the file.
  let diagnostics: [Diagnostic]

  init(_ diagnostics: [Diagnostic] = []) { self.diagnostics = diagnostics }

  /// These errors, plus those of an expansion.
  /// - Parameter found: errors in the streams. A value reported as missing is left out if it was given but could not be
  ///   read.
  func joined(with found: [Diagnostic]) -> [Diagnostic] {
    Array((diagnostics + found.filter { !follows($0) }).prefix(CSVTable.mostDiagnostics))
  }

  /// Whether a value is reported as missing only because the one that was given could not be read.
  private func follows(_ problem: Diagnostic) -> Bool {
    guard let field = Self.missingField(problem) else { return false }
    return diagnostics.contains { $0.message.contains(field) || $0.help?.contains("\"\(field)") == true }
  }

  /// The first word of the path of the missing field; nil for other errors.
  private static func missingField(_ problem: Diagnostic) -> String? {
    switch problem.code {
    case "RD0410":
      // If no region of the manifest has the name, region means an AWS region.
      if problem.message.contains("no AWS region") { return "egion" }
      return problem.message.split(separator: " ").first?.split(separator: ".").first.map(String.init)
    case "RD0406" where problem.message.hasSuffix("has no time zone"): return "timezone"
    default: return nil
    }
  }
}
