import ArgumentParser
import JobQueue
import Presentation

/// `rundown jobs show`.
struct JobsShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show everything about a job: its parameters, each attempt, newest first, what happens next and why.",
    discussion: """
      EXAMPLES:
        rundown jobs show 12
        rundown jobs show 12 --last 1

      Attempts in a row that ended the same way are shown once. On a terminal, long
      output goes through $PAGER, or less.
      """)

  @Argument(help: "The job's number.", completion: .jobNumbers)
  var id: Int64

  @Option(help: "Show at most N attempts, the newest ones.")
  var last: Int?

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    if let last, last < 1 {
      throw CommandError.input("RD0303", "\(last) is not at least 1", flag: "--last", help: "for example: --last 1")
    }
    let clock = SystemClock()
    let report = try await Queue.with(options) { try await JobReport.of(JobID(id), in: $0, now: clock.now()) }
    guard let report else {
      throw CommandError(
        status: .notFound, code: "no-such-job", message: "no such job: \(id)", help: "see: rundown jobs list")
    }
    if options.json { return try JSONOutput.print("story", JobReportView(report, now: clock.now())) }
    try Pager.show(report.rendered(last: last, times: options.times(clock.now()), for: .output))
  }
}
