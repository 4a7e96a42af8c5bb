import ArgumentParser

/// What every command takes.
struct GlobalOptions: ParsableArguments {
  @Option(name: .long, help: "The queue file (default: rundown.db, or RUNDOWN_DATABASE).")
  var database: String?

  @Option(
    name: .long, help: "The configuration file (default: rundown.yaml or config/rundown.yaml, or RUNDOWN_CONFIG).")
  var config: String?

  @Flag(name: .long, help: "Print JSON: documented in docs/cli.md, fields may be added.")
  var json = false
}
