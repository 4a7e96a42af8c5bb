import ArgumentParser
import StreamingJobs

/// `rundown enqueue`: one job by its options, or many from a file or standard input.
struct Enqueue: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Add jobs to the queue: by kind and options, from a file, or from standard input.",
    discussion: """
      EXAMPLES:
        rundown enqueue jobs/onboarding.yaml
        rundown enqueue create-map-entry --engine fra1 --application live \\
          --entry-name cam-01-s3 --source-stream cam-01 --bucket example-live \\
          --region eu-central-1 --credential wse-push-eu
        generate-jobs | rundown enqueue -

      Once its number is printed, a job is safely on disk.
      """,
    subcommands: [EnqueueFile.self] + JobKinds.streaming.all.map(\.command), defaultSubcommand: EnqueueFile.self)

  /// The command for a line that plainly enqueues, found without building the tree of all commands, which takes longer
  /// than the enqueue itself. Nil for any other line, including a wrong one: the tree answers those with help and
  /// suggestions.
  static func direct(_ words: [String]) -> sending (any ParsableCommand)? {
    guard words.count > 2, words[0] == "enqueue" else { return nil }
    guard let kind = JobKinds.streaming.named(words[1])?.command else { return nil }
    guard let command = try? kind.parseAsRoot(Array(words[2...])), type(of: command) == kind else { return nil }
    return command
  }
}
