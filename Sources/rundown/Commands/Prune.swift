import ArgumentParser
import JobQueue
import Presentation
import Settings

/// `rundown prune`.
struct Prune: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Remove finished jobs with their history.",
    discussion: """
      EXAMPLES:
        rundown prune --older-than 30d
        rundown prune --older-than 7d --json

      A worker does the same every hour with what finished before
      worker.retentionDays.
      Jobs that are not finished stay, and so do their parents, jobs that hold their
      key for good, and for an hour more jobs whose request nobody answered.
      """)

  @Option(help: "Only what finished longer ago than this: 12h, 30d.")
  var olderThan: String

  @OptionGroup var options: GlobalOptions

  private struct View: Encodable {
    var removed: Int
  }

  /// So many jobs go in one commit: others write in between.
  private static let batch = 200

  func run() async throws {
    guard let span = DurationText.parse(olderThan) else { throw CommandError.noSpan(olderThan, flag: "--older-than") }
    let moment = SystemClock().now() - span
    let removed = try await Queue.with(options) { store in
      var removed = 0
      while case let count = try await store.prune(finishedBefore: moment, limit: Self.batch), count > 0 {
        removed += count
      }
      return removed
    }
    if options.json { return try JSONOutput.print("prune", View(removed: removed)) }
    try Output.line("\(removed) \(removed == 1 ? "job" : "jobs") removed")
  }
}
