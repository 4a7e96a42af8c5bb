import ArgumentParser

/// A command and how it is called: what the parser knows of it, for telling what was meant.
struct CommandPath {
  /// The command itself.
  private(set) var command: any ParsableCommand.Type
  /// How it is called, such as `rundown jobs`.
  private(set) var text: String
  private let root: any ParsableCommand.Type

  /// Starts at the program.
  init(_ root: any ParsableCommand.Type) {
    self.root = root
    command = root
    text = Self.name(of: root)
  }

  /// Whether no command is named yet.
  var isRoot: Bool { command == root }

  /// The names of its commands.
  var subcommands: [String] { command.configuration.subcommands.map(Self.name) }

  /// Goes on to one of its commands.
  /// - Returns: false when there is none of this name.
  mutating func descend(to name: String) -> Bool {
    guard let next = command.configuration.subcommands.first(where: { Self.name(of: $0) == name }) else { return false }
    command = next
    text += " \(name)"
    return true
  }

  /// Whether what is run when no command is named takes arguments of its own.
  var defaultTakesArguments: Bool {
    command.configuration.defaultSubcommand.map { Self.help(of: $0).contains("\nARGUMENTS:\n") } ?? false
  }

  /// A command of this name that another command of the program has.
  func others(named name: String) -> String? {
    guard isRoot else { return nil }
    for group in root.configuration.subcommands {
      let names = group.configuration.subcommands.map(Self.name)
      if names.contains(name) { return "\(text) \(Self.name(of: group)) \(name)" }
    }
    return nil
  }

  /// The options of the command, or of the one that is run when none is named. The parser keeps them to itself, and tells
  /// them in the help: `  -l, --label <label>  …`.
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
