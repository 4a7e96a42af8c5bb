import ArgumentParser
import Presentation

/// `rundown config`.
struct Config: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look at the configuration.", subcommands: [ConfigShow.self], defaultSubcommand: ConfigShow.self)
}

/// `rundown config show`.
struct ConfigShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show every setting in force, and with --origin who set it.",
    discussion: """
      EXAMPLES:
        rundown config show --origin
        rundown config show --json

      Secrets are shown as the references that the configuration holds.
      """)

  @Flag(help: "Show the file and line, variable or flag that set it.")
  var origin = false

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let settings = try ProcessContext.settings(options)
    if options.json { return try JSONOutput.print("settings", SettingView.all(of: settings)) }
    try Output.painted(SettingsTable.rendered(settings, withOrigin: origin, for: .output))
  }
}
