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
    commandName: "csv", abstract: "Write a sheet with its heading and a row of what each column may hold.",
    discussion: """
      EXAMPLES:
        rundown template csv --profile s3-hls-eu -o gig.csv
        rundown template csv --all

      Columns that every stream needs come first, then those that streams usually
      have of their own, then what the profile gives, to be overridden. An empty cell
      inherits; a column that nobody needs may be deleted. The row that begins with #
      is a note: rundown plan and rundown apply pass over it.
      """)

  @Option(help: "A profile, by name or path: what the streams inherit.")
  var profile: String?

  @Flag(help: "A column for every field.")
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
    Output.sentence("wrote \(PlainText.oneLine(output)); write a row for each stream, then: \(next(output))")
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
