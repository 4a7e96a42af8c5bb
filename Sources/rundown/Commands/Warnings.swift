import Settings

/// Tells what is unwise about jobs that are taken all the same.
enum Warnings {
  /// So many are shown; more would push the first ones off the screen.
  private static let mostShown = 10

  /// Tells them on standard error.
  static func tell(_ warnings: [Diagnostic]) {
    for warning in warnings.prefix(mostShown) { Output.message(warning.rendered()) }
    let rest = warnings.count - mostShown
    if rest > 0 { Output.message("… and \(rest) more \(rest == 1 ? "warning" : "warnings")") }
  }
}
