import Presentation

/// Answers for programs, on standard output.
enum JSONOutput {
  /// Prints `{"apiVersion": "rundown/v1", name: value}`.
  /// - Parameter others: texts beside the value, by their names; nil is `null`.
  static func print(_ name: String, _ value: any Encodable, beside others: [String: String?] = [:]) throws {
    try Output.json(JSONAnswer.text(name, value, beside: others))
  }
}
