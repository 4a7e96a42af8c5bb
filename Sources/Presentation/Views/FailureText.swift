package import JobQueue

/// A failure as one sentence.
package enum FailureText {
  /// `AccessDenied: PUT object: …`; without the code if the message contains it as a word, as in `stream target 7
  /// differs: …`.
  package static func of(_ failure: Failure) -> String {
    let words = failure.message.split { !($0.isLetter || $0.isNumber || "-_.".contains($0)) }
    return words.contains { $0 == failure.code } ? failure.message : "\(failure.code): \(failure.message)"
  }
}
