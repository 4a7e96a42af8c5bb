/// The option `--reason` of the verbs that keep one.
enum ReasonOption {
  /// - Throws: ``CommandError`` for a reason of nothing but blanks; none at all is for the verb to judge.
  static func check(_ reason: String?) throws {
    guard let reason, !reason.contains(where: { !$0.isWhitespace }) else { return }
    throw CommandError.input(
      "RD0303", "the reason is empty", flag: "--reason", help: "say why, for whoever looks at it later")
  }
}
