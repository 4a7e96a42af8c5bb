/// Why a text is not a cron expression that this queue runs: one sentence, and what to write instead.
package struct CronProblem: Error, Sendable, Hashable, CustomStringConvertible {
  /// The field; nil if it is the whole expression.
  package var field: CronField?
  /// The part of the text that is wrong; shortened if it is long.
  package var text: String
  /// What is wrong with it.
  package var message: String
  /// What to write instead.
  package var hint: String?

  init(_ field: CronField?, _ text: some StringProtocol, _ message: String, hint: String? = nil) {
    self.field = field
    self.text = Self.shown(text)
    (self.message, self.hint) = (message, hint)
  }

  /// A text for use in a sentence: shortened if it is long, and without characters that control a terminal.
  static func shown(_ text: some StringProtocol) -> String {
    let scalars = text.unicodeScalars
    let shown = scalars.prefix(40).reduce(into: "") { shown, scalar in
      shown.unicodeScalars.append(scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar)
    }
    return scalars.count > 40 ? shown + "…" : shown
  }

  /// `hour "24": hours are 0 to 23`.
  package var description: String {
    "\(field.map { "\($0.title) " } ?? "")\"\(text)\": \(message)" + (hint.map { "; \($0)" } ?? "")
  }
}
