import ArgumentParser
import StreamingJobs

/// `rundown enqueue`: one job by flags, or many from a file or standard input.
struct Enqueue: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Bring jobs into the queue: by kind and flags, from a file, or from standard input.",
    discussion: """
      EXAMPLES:
        rundown enqueue jobs/onboarding.yaml
        rundown enqueue create-map-entry --engine fra1 --application live --entry-name cam-01-s3 \\
          --source-stream cam-01 --bucket example-live --region eu-central-1 --credential wse-push-eu
        generate-jobs | rundown enqueue -

      A job is on disk when its number is printed.
      """,
    subcommands: [
      EnqueueFile.self, EnqueueBucketConfig.self, EnqueueMapEntry.self, EnqueueFastlyTarget.self, EnqueueRestream.self,
      EnqueueUpload.self,
    ],
    defaultSubcommand: EnqueueFile.self)

  /// The command of a line that plainly enqueues, found without the tree of all commands: making that takes longer than
  /// the enqueue. Nil for any other line, also a wrong one: the tree answers those with help and suggestions.
  static func direct(_ words: [String]) -> sending (any ParsableCommand)? {
    guard words.count > 2, words[0] == "enqueue" else { return nil }
    guard let kind = configuration.subcommands.first(where: { $0._commandName == words[1] }) else { return nil }
    guard let command = try? kind.parseAsRoot(Array(words[2...])), type(of: command) == kind else { return nil }
    return command
  }
}

extension ArgumentHelp {
  /// What the kind's own description says of a parameter: said once, shown everywhere.
  static func of(_ kind: String, _ field: String) -> ArgumentHelp {
    guard let field = StreamingJobKinds.named(kind)?.fields.first(where: { $0.name == field }) else { return "" }
    let words: String =
      if case .choice(let words) = field.shape { " One of \(words.joined(separator: ", "))." } else { "" }
    let help = field.help.prefix(1).uppercased() + field.help.dropFirst()
    return ArgumentHelp("\(help).\(words)\(field.fallback.map { " (default: \($0))" } ?? "")")
  }
}

extension CommandConfiguration {
  /// A command line on as many lines as a narrow terminal needs, to be copied as it stands.
  private static func shellLines(_ example: String) -> String {
    var lines = [""]
    for word in example.split(separator: " ") {
      if word.hasPrefix("--"), let line = lines.last, line.count > 50 { lines.append("   ") }
      lines[lines.count - 1] += (lines.last == "" ? "" : " ") + word
    }
    return lines.joined(separator: " \\\n  ")
  }

  /// The configuration of a kind's subcommand, from the kind's own description.
  static func of(_ kind: String) -> CommandConfiguration {
    let description = StreamingJobKinds.named(kind)
    return CommandConfiguration(
      commandName: kind, abstract: description?.summary ?? "",
      discussion: "EXAMPLE:\n  " + shellLines(description?.example ?? ""))
  }
}
