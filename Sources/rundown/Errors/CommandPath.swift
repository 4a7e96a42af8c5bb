import ArgumentParser

/// A command and its name as typed: what is known about it, for suggesting what was meant.
struct CommandPath {
  /// The command itself.
  private(set) var command: any ParsableCommand.Type
  /// Its name as typed, such as `rundown jobs`.
  private(set) var text: String
  private let root: any ParsableCommand.Type

  /// Starts at the root command.
  init(_ root: any ParsableCommand.Type) {
    self.root = root
    command = root
    text = Self.name(of: root)
  }

  /// Whether no subcommand is given yet.
  var isRoot: Bool { command == root }

  /// The names of its subcommands.
  var subcommands: [String] { command.configuration.subcommands.map(Self.name) }

  /// Moves on to one of its subcommands.
  /// - Returns: false if there is none of this name.
  mutating func descend(to name: String) -> Bool {
    guard let next = command.configuration.subcommands.first(where: { Self.name(of: $0) == name }) else { return false }
    command = next
    text += " \(name)"
    return true
  }

  /// Whether the default subcommand takes arguments.
  var defaultTakesArguments: Bool {
    command.configuration.defaultSubcommand.map { Self.help(of: $0).contains("\nARGUMENTS:\n") } ?? false
  }

  /// The path of another command that has a subcommand of this name.
  func others(named name: String) -> String? {
    guard isRoot else { return nil }
    for group in root.configuration.subcommands {
      let names = group.configuration.subcommands.map(Self.name)
      if names.contains(name) { return "\(text) \(Self.name(of: group)) \(name)" }
    }
    return nil
  }

  /// The options of the command, or of its default subcommand. The parser does not expose them, but lists them in its
  /// help: `  -l, --label <label>  …`.
  var options: [String] {
    Self.help(of: command.configuration.defaultSubcommand ?? command).split(separator: "\n")
      .filter { $0.hasPrefix("  -") }
      .flatMap { line in
        line.split(separator: " ").prefix { $0.hasPrefix("-") }.map { $0.hasSuffix(",") ? $0.dropLast() : $0 }
      }
      .map(String.init) + ["--version"]
  }

  /// Wide, so that every option has one line.
  private static func help(of command: any ParsableCommand.Type) -> String {
    command.helpMessage(includeHidden: true, columns: 10_000)
  }

  private static func name(of command: any ParsableCommand.Type) -> String {
    command.configuration.commandName ?? "\(command)".lowercased()
  }
}
