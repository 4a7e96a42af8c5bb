import ArgumentParser
import Settings

/// `rundown explain`.
struct Explain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explain the code of an error.",
    discussion: "EXAMPLES:\n  rundown explain RD0207\n  rundown explain crash-limit")

  @Argument(help: "The code, such as RD0207 or too-new.")
  var code: String

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    // Ours are RD and four digits, or words in lower case; a provider's own are neither.
    guard let known = [code.uppercased(), code.lowercased()].first(where: { Explanations.texts[$0] != nil }),
      let text = Explanations.texts[known]
    else {
      let codes = Array(Explanations.texts.keys)
      let near = Suggestion.nearest(to: code.uppercased(), among: codes)
      throw CommandError(
        status: .notFound, code: "no-such-code", message: "there is no code '\(code)' of ours",
        help: near.map { "did you mean \($0)?" }
          ?? "codes such as ERR-422-RecordInvalid or NoSuchBucket are a provider's")
    }
    if options.json { return try JSONOutput.print("explanation", ["code": known, "text": text]) }
    try Output.line("\(known): \(text)")
  }
}
