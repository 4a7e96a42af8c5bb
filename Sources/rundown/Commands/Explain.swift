import ArgumentParser
import Settings
import StreamingJobs

/// `rundown explain`.
struct Explain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explain the code of an error, or list every code.",
    discussion: """
      EXAMPLES:
        rundown explain RD0207
        rundown explain crash-limit
        rundown explain ERR-401-ExpiredToken
        rundown explain http-404
        rundown explain                  every code with its first sentence
      """)

  @Argument(help: "The code, such as RD0207, too-new or NoSuchBucket.")
  var code: String?

  @OptionGroup var options: GlobalOptions

  private struct Explanation: Encodable {
    var code: String
    var text: String
  }

  func run() async throws {
    guard let code else { return try list() }
    let texts = Self.texts(of: code)
    guard let first = texts.first else {
      let near =
        Suggestion.nearest(to: code.uppercased(), among: Self.codes)
        ?? Suggestion.nearest(to: code, among: Self.codes)
      throw CommandError(
        status: .notFound, code: "no-such-code", message: "unknown code '\(code)'",
        help: near.map { "did you mean \($0)?" } ?? "list all of them with: rundown explain")
    }
    let text = texts.map(\.text).joined(separator: "\n\n")
    if options.json { return try JSONOutput.print("explanation", Explanation(code: first.code, text: text)) }
    try Output.line("\(first.code): \(text)")
  }

  private func list() throws {
    let all = Self.codes.sorted().compactMap { code in
      Self.texts(of: code).first.map { Explanation(code: code, text: $0.text) }
    }
    if options.json { return try JSONOutput.print("explanations", all) }
    var table = Table([.init("CODE"), .init("MEANING", minimum: 30)])
    for one in all {
      table.add([.init(one.code), .init(one.text.split(separator: ". ").first.map(String.init) ?? one.text)])
    }
    try Output.painted(table.rendered(for: .output))
  }

  /// Ours and the providers'.
  private static let codes = Array(Set(Explanations.texts.keys).union(AnswerExplanation.codes))

  /// What a code means, whatever its case: to us, and as an answer of each provider that has it.
  private static func texts(of code: String) -> [Explanation] {
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
