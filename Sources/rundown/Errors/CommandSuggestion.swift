import ArgumentParser
import Settings

/// "Did you mean" for the name of a command, which the parser takes for an argument of the default one.
struct CommandSuggestion {
  /// What to tell instead of the parser's words.
  let error: CommandError

  /// Finds the first word that is no command where one is wanted; nil when no known one is near.
  init?(for arguments: [String], of root: any ParsableCommand.Type) {
    var command = root
    var path = Self.name(of: root)
    for word in arguments {
      let commands = command.configuration.subcommands
      guard !word.hasPrefix("-"), !commands.isEmpty else { return nil }
      if let next = commands.first(where: { Self.name(of: $0) == word }) {
        command = next
        path += " \(word)"
      } else if let near = Suggestion.nearest(to: word, among: commands.map(Self.name)) {
        error = .input("RD0301", "there is no '\(path) \(word)'", help: "did you mean '\(path) \(near)'?")
        return
      } else {
        return nil
      }
    }
    return nil
  }

  private static func name(of command: any ParsableCommand.Type) -> String {
    command.configuration.commandName ?? "\(command)".lowercased()
  }
}
