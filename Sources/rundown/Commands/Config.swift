import ArgumentParser
import Presentation

/// `rundown config`.
struct Config: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the configuration.", subcommands: [ConfigShow.self], defaultSubcommand: ConfigShow.self)
}

/// `rundown config show`.
struct ConfigShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show every setting in effect, and with --origin where it comes from.",
    discussion: """
      EXAMPLES:
        rundown config show --origin
        rundown config show --json

      Secrets are shown as the references that the configuration holds.
      """)

  @Flag(help: "Show the file and line, variable or option that sets it.")
  var origin = false

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let settings = try ProcessContext.settings(options)
    if options.json { return try JSONOutput.print("settings", SettingView.all(of: settings)) }
    try Output.painted(SettingsTable.rendered(settings, withOrigin: origin, for: .output))
  }
}
