import Presentation

/// A question before something that is not easily undone.
enum Confirmation {
  /// Asks, and goes on only if the answer is yes.
  /// - Parameters:
  ///   - question: the question, without the question mark.
  ///   - effect: what would be done, for the error when nobody can be asked, such as `retry would change 12 jobs`.
  /// - Throws: ``CommandError`` if the answer is no, or nobody can answer.
  static func ask(_ question: String, orSay effect: String) throws {
    guard Terminal.canAsk else {
      throw CommandError.input("RD0307", effect, help: "add --yes to proceed without confirmation")
    }
    Output.message("\(question)? [y/N]")
    let answer = readLine(strippingNewline: true)?.lowercased()
    guard answer == "y" || answer == "yes" else {
      throw CommandError(status: .interrupted, code: "interrupted", message: "nothing was changed")
    }
  }
}
