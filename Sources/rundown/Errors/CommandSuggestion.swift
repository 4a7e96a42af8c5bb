import ArgumentParser
import Settings
import StreamingJobs

/// What is wrong with a command line that the parser refused, explained by the wrong word rather than by what the
/// parser found missing: `--engin fra1` is an unknown option, not a missing `--engine`.
struct CommandSuggestion {
  /// The error to show instead of the parser's.
  let error: CommandError

  /// Finds the first word that should be a command but is not, else the first option that its command does not have;
  /// nil if there is neither.
  init?(for arguments: [String], of root: any ParsableCommand.Type) {
    var path = CommandPath(root)
    var rest = arguments.first == "help" ? arguments.dropFirst() : arguments[...]
    while let word = rest.first, !word.hasPrefix("-"), !path.command.configuration.subcommands.isEmpty {
      if path.descend(to: word) {
        rest = rest.dropFirst()
      } else if let wrong = Self.unknownCommand(word, at: path) {
        error = wrong
        return
      } else {
        break
      }
    }
    guard let wrong = Self.misplacedOption(in: rest, of: path) ?? Self.unknownOption(in: rest, of: path) else {
      return nil
    }
    error = wrong
  }

  private static func unknownCommand(_ word: String, at path: CommandPath) -> CommandError? {
    let names = path.subcommands
    var help = Suggestion.nearest(to: word, among: names).map { "did you mean '\(path.text) \($0)'?" }
    // The word may also be an argument of the default subcommand: the name of a file.
    guard help != nil || !path.defaultTakesArguments else { return nil }
    if help == nil, Int64(word) != nil, names.contains("show") { help = "did you mean '\(path.text) show \(word)'?" }
    if help == nil, let elsewhere = path.others(named: word) { help = "did you mean '\(elsewhere)'?" }
    return .input(
      "RD0301", "unknown command '\(path.text) \(word)'", flag: word,
      help: help ?? "commands: \(names.joined(separator: ", "))")
  }

  /// `rundown jobs --database FILE list`: the option was read as one of the default subcommand.
  private static func misplacedOption(in words: ArraySlice<String>, of path: CommandPath) -> CommandError? {
    guard !path.isRoot, let first = words.first, first.hasPrefix("-"),
      let command = words.first(where: { path.subcommands.contains($0) })
    else { return nil }
    let name = String(first.prefix { $0 != "=" })
    return .input(
      "RD0301", "'\(name)' comes before the command '\(command)'", flag: name,
      help: "options come after the command: \(path.text) \(command) \(name)")
  }

  private static func unknownOption(in words: ArraySlice<String>, of path: CommandPath) -> CommandError? {
    let known = path.options
    for word in words.prefix(while: { $0 != "--" }) where word.hasPrefix("-") && word.count > 1 {
      let name = String(word.prefix { $0 != "=" })
      guard !known.contains(name), Double(name) == nil else { continue }
      // Several short ones in one word.
      guard name.hasPrefix("--") || !name.dropFirst().allSatisfy({ known.contains("-\($0)") }) else { continue }
      return .input("RD0301", "unknown option '\(name)'", flag: name, help: help(for: name, words, known, path))
    }
    return nil
  }

  private static func help(
    for name: String, _ words: ArraySlice<String>, _ known: [String], _ path: CommandPath
  ) -> String {
    if path.isRoot, let command = words.first(where: { path.subcommands.contains($0) }) {
      return "options come after the command: \(path.text) \(command) \(name)"
    }
    let spelled = name.hasPrefix("--") ? name : "-\(name)"
    let completed = known.filter { $0.hasPrefix(spelled) }
    if let near = completed.count == 1 ? completed[0] : Suggestion.nearest(to: spelled, among: known) {
      return "did you mean '\(near)'?"
    }
    if path.command == Enqueue.self {
      let kinds = JobKinds.streaming.all.filter { kind in kind.fields.contains { "--\($0.flag)" == spelled } }
      if let kind = kinds.first { return "give the job kind first: rundown enqueue \(kind.kind) \(spelled) …" }
    }
    return "see: \(path.text) --help"
  }
}
