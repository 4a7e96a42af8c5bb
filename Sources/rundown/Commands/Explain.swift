import ArgumentParser
import Presentation
import Settings

/// `rundown explain`.
struct Explain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explain a code, a status or a state, or list all of them.",
    discussion: """
      EXAMPLES:
        rundown explain RD0207
        rundown explain crash-limit
        rundown explain ERR-401-ExpiredToken
        rundown explain 404
        rundown explain held
        rundown explain                # every code with its first sentence
      """)

  @Argument(help: "The code, such as RD0207, too-new or NoSuchBucket.")
  var code: String?

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    guard let code else { return try list() }
    let texts = Explanation.all(of: code)
    guard let first = texts.first else {
      let near =
        Suggestion.nearest(to: code.uppercased(), among: Explanation.codes)
        ?? Suggestion.nearest(to: code, among: Explanation.codes)
      throw CommandError(
        status: .notFound, code: "no-such-code", message: "unknown code '\(code)'",
        help: near.map { "did you mean \($0)?" } ?? "list all of them with: rundown explain")
    }
    let text = texts.map(\.text).joined(separator: "\n\n")
    if options.json { return try JSONOutput.print("explanation", Explanation(code: first.code, text: text)) }
    // Indented lines show what to write; all others may be broken at the width of the terminal.
    let lines = "\(first.code): \(text)".split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.hasPrefix(" ") ? String(line) : Terminal.output.paragraph(String(line), indent: 0)
    }
    try Output.line(lines.joined(separator: "\n"))
  }

  private func list() throws {
    let all = Explanation.each
    if options.json { return try JSONOutput.print("explanations", all) }
    var table = Table([.init("CODE")], note: "MEANING")
    for one in all {
      table.add([.init(one.code)], note: .init(one.summary))
    }
    try Output.painted(table.rendered(for: .output))
    Output.message("a response without a code goes by its status: rundown explain http-404")
  }
}
