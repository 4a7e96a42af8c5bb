extension SourceText {
  /// A diagnostic that points at a value of this text.
  func diagnostic(
    _ code: String, _ message: String, at location: SourceLocation, width: Int = 1, label: String = "",
    help: String? = nil
  ) -> Diagnostic {
    // Someone may have written a secret itself on this line; then only its place is shown.
    let words = ["password", "secret", "token", "apikey", "accesskey"]
    let shown = line(location.line).flatMap { text in
      words.contains { text.lowercased().contains($0) } ? nil : text
    }
    return Diagnostic(
      code: code, message: message, location: location, sourceLine: shown, width: width, label: label, help: help)
  }

  /// - Throws: RD0103 if a bound of ``YAMLDocument`` is exceeded.
  func checkBounds(values: Int, depth: Int, at location: SourceLocation) throws(Diagnostic) {
    guard values <= YAMLDocument.maximumNodes else {
      throw diagnostic("RD0103", "more than 100,000 values in one file", at: location, help: "split the file")
    }
    guard depth <= YAMLDocument.maximumDepth else {
      throw diagnostic("RD0103", "nested more than 32 levels deep", at: location, help: "check the nesting")
    }
  }
}
