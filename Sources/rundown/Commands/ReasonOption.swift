/// The option `--reason` of commands that store a reason.
enum ReasonOption {
  /// - Throws: ``CommandError`` if the reason consists of spaces only; whether one is required is up to the command.
  static func check(_ reason: String?) throws {
    guard let reason, !reason.contains(where: { !$0.isWhitespace }) else { return }
    throw CommandError.input(
      "RD0303", "the reason is empty", flag: "--reason", help: "say why, for anyone who looks at it later")
  }
}
