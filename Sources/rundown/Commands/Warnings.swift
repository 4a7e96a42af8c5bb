import Settings

/// Prints warnings about jobs that are enqueued anyway.
enum Warnings {
  /// The maximum number shown; more would push the first ones off the screen.
  private static let mostShown = 10

  /// Prints them on standard error.
  static func tell(_ warnings: [Diagnostic]) {
    for warning in warnings.prefix(mostShown) { Output.diagnostic(warning.rendered()) }
    let rest = warnings.count - mostShown
    if rest > 0 { Output.message("… and \(rest) more \(rest == 1 ? "warning" : "warnings")") }
  }
}
