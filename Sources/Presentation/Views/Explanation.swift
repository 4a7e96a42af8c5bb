import StreamingJobs

/// What a code means that a person was told, in words.
package struct Explanation: Encodable {
  package var code: String
  package var text: String

  package init(code: String, text: String) {
    self.code = code
    self.text = text
  }

  /// The first meaning of every code, by code.
  package static var each: [Explanation] {
    codes.sorted().compactMap { code in all(of: code).first.map { Explanation(code: code, text: $0.text) } }
  }

  /// Ours and the providers'.
  package static let codes = Array(Set(Explanations.texts.keys).union(AnswerExplanation.codes))

  /// What a code means, whatever its case: to us, and as an answer of each provider that has it.
  package static func all(of code: String) -> [Explanation] {
    let known = codes.first { $0.lowercased() == code.lowercased() } ?? code.lowercased()
    let own = Explanations.texts[known].map { [Explanation(code: known, text: $0)] } ?? []
    return own
      + AnswerExplanation.of(known).map { answer in
        let who = answer.provider.isEmpty ? "Before a request leaves: " : "\(answer.provider): "
        return Explanation(
          code: known,
          text: "\(who)\(answer.meaning). \(answer.consequence)" + (answer.hint.map { "\nWhat to do: \($0)." } ?? ""))
      }
  }
}
