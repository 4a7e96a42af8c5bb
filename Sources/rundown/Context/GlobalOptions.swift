import ArgumentParser
import Glibc
import JobQueue
import Presentation

/// The options of every command.
struct GlobalOptions: ParsableArguments {
  @Option(
    name: .long,
    help: "The queue file (default: RUNDOWN_DATABASE, else database in the configuration, else rundown.db beside it).")
  var database: String?

  @Option(
    name: .long, help: "The configuration file (default: rundown.yaml or config/rundown.yaml, or RUNDOWN_CONFIG).")
  var config: String?

  @Flag(name: .long, help: "Print JSON, as documented in docs/cli.md; fields may be added.")
  var json = false

  @Flag(name: .long, help: "Print without colors, as with NO_COLOR.")
  var noColor = false

  @Flag(name: .long, help: "Show times in UTC, as JSON and CSV always do.")
  var utc = false

  /// How times are shown to people.
  func times(_ now: Timestamp) -> TimeFormat { TimeFormat(now: now, zone: utc ? .utc : .local) }

  /// Whether to use colours is decided from the environment alone, before the first line is printed.
  func validate() {
    if noColor { setenv("NO_COLOR", "1", 1) }
  }
}
