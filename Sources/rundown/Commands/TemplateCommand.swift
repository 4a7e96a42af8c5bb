import ArgumentParser
import Manifests
import Presentation
import Settings

/// `rundown template`.
struct TemplateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "template", abstract: "Write a sheet to fill in.",
    discussion: """
      EXAMPLES:
        rundown template csv --profile s3-hls-eu -o gig.csv
      """,
    subcommands: [TemplateCSV.self])
}

/// `rundown template csv`.
struct TemplateCSV: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "csv", abstract: "Write a CSV sheet with its header and a comment row that describes the columns.",
    discussion: """
      EXAMPLES:
        rundown template csv --profile s3-hls-eu -o gig.csv
        rundown template csv --all

      Required columns come first, then the ones that usually differ between streams,
      then what the profile sets and a row may override. An empty cell inherits;
      unneeded columns may be deleted. Rows that start with # are comments, which
      rundown apply ignores.
      """)

  @Option(help: "A profile that the streams inherit from, by name or path.")
  var profile: String?

  @Flag(help: "Write a column for every field.")
  var all = false

  @Option(name: .shortAndLong, help: "The file to write (default: standard output).", completion: .file())
  var output: String?

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let settings = try ProcessContext.settings(options)
    let profile = try profile.map { try ProfilePlace.read($0) }
    let template = SheetTemplate(profile: profile, known: settings.connections.namesBySection, isWhole: all)
    if options.json { return try JSONOutput.print("columns", template.columns) }
    let text = [template.heading, template.note].map { CSVText.record($0) + "\n" }.joined()
    guard let output else { return try Output.write(text) }
    try NewFile.write(output, text, flag: "--output")
    Output.sentence("wrote \(PlainText.oneLine(output)); add a row for each stream, then run \(next(output))")
  }

  private func next(_ file: String) -> String {
    "rundown apply --dry-run \(PlainText.oneLine(file))"
      + (profile.map { " --profile \(PlainText.oneLine($0))" } ?? "")
  }
}

extension Connections {
  /// The names of the connections of each section.
  var namesBySection: [String: [String]] {
    Dictionary(Self.kinds.map { ($0.section, names(in: $0.section)) }, uniquingKeysWith: { first, _ in first })
  }
}
