import StreamingJobs

/// What a code means that a person has seen.
package struct Explanation: Encodable {
  package var code: String
  package var text: String

  package init(code: String, text: String) {
    self.code = code
    self.text = text
  }

  /// Its first sentence, for lists.
  package var summary: String {
    let line = text.split(separator: "\n").first.map(String.init) ?? text
    return line.split(separator: ". ").first.map(String.init) ?? line
  }

  /// The first meaning of every code, by code.
  package static var each: [Explanation] {
    codes.sorted().compactMap { code in all(of: code).first.map { Explanation(code: code, text: $0.text) } }
  }

  /// Our own codes, the names of states, and the providers' codes.
  package static let codes = Array(
    Set(Explanations.texts.keys).union(AnswerExplanation.codes).union(StateExplanations.words))

  /// What a code means, whatever its case: as one of ours, as a state, and as a response of each provider that uses it.
  /// A number is the status of a response without a code.
  package static func all(of code: String) -> [Explanation] {
    if let status = Int(code), (300...599).contains(status) { return all(of: "http-\(status)") }
    let known = codes.first { $0.lowercased() == code.lowercased() } ?? code.lowercased()
    let own = Explanations.texts[known].map { text in
      [Explanation(code: known, text: text + (ExplanationDetails.texts[known].map { "\n\($0)" } ?? ""))]
    }
    let states = StateExplanations.of(known).map { Explanation(code: known, text: $0) }
    let found = (own ?? []) + states + answers(known)
    return found.isEmpty ? unnamed(code) : found
  }

  private static func answers(_ code: String) -> [Explanation] {
    AnswerExplanation.of(code).map { answer in
      let isNamed = answer.meaning.hasPrefix(answer.provider)
      let who = answer.provider.isEmpty ? "Before a request leaves: " : isNamed ? "" : "\(answer.provider): "
      return Explanation(
        code: code,
        text: "\(who)\(answer.meaning). \(answer.consequence)" + (answer.hint.map { "\nWhat to do: \($0)." } ?? ""))
    }
  }

  /// A code of Wowza Video that is in no table, such as `ERR-404-Other`: it means what other codes with its status
  /// mean.
  private static func unnamed(_ code: String) -> [Explanation] {
    let parts = code.uppercased().split(separator: "-")
    guard parts.count > 2, parts[0] == "ERR", let status = Int(parts[1]) else { return [] }
    return AnswerExplanation.of("http-\(status)").filter { $0.provider == "Wowza Video" }.map {
      Explanation(
        code: code,
        text: "\($0.provider), like any other response with status \(status): \($0.meaning). \($0.consequence)")
    }
  }
}
