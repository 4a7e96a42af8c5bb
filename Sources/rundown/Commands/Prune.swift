import ArgumentParser
import JobQueue
import Presentation
import Settings
import StreamingJobs

/// `rundown prune`.
struct Prune: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Remove finished jobs with their history.",
    discussion: """
      EXAMPLES:
        rundown prune --older-than 30d
        rundown prune --older-than 7d --yes --json

      A worker does the same every hour with jobs that finished more than
      retentionDays ago. Unfinished jobs and their parents are kept, and so are jobs
      that hold their unique key for good. Jobs with a request whose outcome is
      unknown are kept for another hour. A batch goes with the last of its jobs.
      prune asks first, and is recorded in rundown audit.
      """)

  @Option(help: "Only jobs that finished longer ago than this: 12h, 30d.")
  var olderThan: String

  @Flag(name: [.short, .long], help: "Do not ask.")
  var yes = false

  @OptionGroup var options: GlobalOptions

  private struct View: Encodable {
    var removed: Int
  }

  /// The number of jobs removed per commit, so that others can write in between.
  private static let batch = 200

  func run() async throws {
    guard let span = DurationText.parse(olderThan) else { throw CommandError.noSpan(olderThan, flag: "--older-than") }
    let now = SystemClock().now()
    let moment = now - span
    let settings = try ProcessContext.settings(options)
    let removed = try await Queue.with(settings, mustExist: true) { store in
      try confirm(try await store.status(), settings.database.value)
      let author = Operator.caller(filter: "--older-than \(olderThan)")
      var removed = 0
      while case let count = try await store.prune(finishedBefore: moment, limit: Self.batch, by: author, at: now),
        count > 0
      {
        removed += count
      }
      _ = try await BatchPruning.run(in: store, addedBefore: moment)
      return removed
    }
    if options.json { return try JSONOutput.print("prune", View(removed: removed)) }
    try Output.line("\(removed) \(removed == 1 ? "job" : "jobs") removed")
  }

  /// Only pruning itself finds out how many jobs are old enough; the maximum is known right away.
  private func confirm(_ status: QueueStatus, _ path: String) throws {
    guard !yes else { return }
    let finished = JobState.allCases.filter(\.isFinished).reduce(0) { $0 + status.count($1) }
    let jobs = "\(finished) finished \(finished == 1 ? "job" : "jobs") in \(path)"
    try Confirmation.ask(
      "remove those of \(jobs) that ended more than \(olderThan) ago, with their history",
      orSay: "prune would remove those of \(jobs) that ended more than \(olderThan) ago")
  }
}
