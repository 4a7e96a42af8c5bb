import Presentation

/// Answers for programs, on standard output.
enum JSONOutput {
  /// Prints `{"apiVersion": "rundown/v1", name: value}`.
  static func print(_ name: String, _ value: any Encodable) throws {
    try Output.json(JSONAnswer.text(name, value))
  }
}
