import ArgumentParser
import Manifests

/// `rundown schema`: writes `config/schema/`. Hidden, because users have these files.
struct SchemaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Print the JSON Schema of a kind of file.",
    discussion: """
      EXAMPLES:
        rundown schema onboarding > config/schema/onboarding-v1.json
      """, shouldDisplay: false)

  @Argument(help: "The kind of file: onboarding, profile, connections, jobs, config.")
  var kind: String

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let schemas = JSONSchema.all()
    guard let schema = schemas.first(where: { $0.kind.lowercased() == kind.lowercased() }) else {
      throw CommandError.input(
        "RD0303", "no schema for '\(kind)'", flag: "<kind>",
        help: "known: \(schemas.map { $0.kind.lowercased() }.joined(separator: ", "))")
    }
    try Output.write(schema.text)
  }
}
