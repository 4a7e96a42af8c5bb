import ArgumentParser
import JobQueue
import Presentation

/// `rundown audit`.
struct Audit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "See what operators did: who retried, cancelled, closed or opened what. Newest first.",
    discussion: """
      EXAMPLES:
        rundown audit
        rundown audit --limit 5 --json

      An entry is written in the same commit as the change, even if there was nothing
      to change. WHO is $USER and the host on which the command ran.
      """)

  @Option(help: "Show at most N entries.")
  var limit = 50

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    guard (1...JobLimits.batch).contains(limit) else {
      throw CommandError.input(
        "RD0303", "\(limit) is not between 1 and \(JobLimits.batch)", flag: "--limit",
        help: "for example: --limit 20")
    }
    let entries = try await Queue.with(options) { try await $0.audit(limit: limit, before: nil) }
    if options.json { return try JSONOutput.print("audit", entries.map { AuditView($0) }) }
    guard !entries.isEmpty else { return Output.message("no operator has made any changes yet") }
    try Output.painted(AuditTable.rendered(entries, times: options.times(SystemClock().now()), for: .output))
  }
}
