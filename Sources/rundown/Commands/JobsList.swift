import ArgumentParser
import JobQueue
import Presentation

/// `rundown jobs list`.
struct JobsList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List jobs, newest first.",
    discussion: """
      EXAMPLES:
        rundown jobs list --state dead --since 2h
        rundown jobs list --kind upload-recording -o wide
        rundown jobs list -l event=cup --json
      """)

  /// How a list is printed.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case table, wide, json, jsonl, csv, name
  }

  @OptionGroup var filter: JobFilter

  @Option(help: "At most so many.")
  var limit = 50

  @Option(help: "Only jobs with a smaller number: the last one of the page before.")
  var before: Int64?

  @Option(name: [.customShort("o"), .long], help: "How to print them.")
  var output = Format.table

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    guard (1...JobLimits.batch).contains(limit) else {
      throw CommandError.input(
        "RD0303", "\(limit) is not between 1 and \(JobLimits.batch)", flag: "--limit",
        help: "the next page comes with --before")
    }
    let now = SystemClock().now()
    var query = try filter.query(limit: limit, now: now)
    query.before = before.map { JobID($0) }
    let page = query
    let (jobs, gates) = try await Queue.with(options) { store in
      try await filter.check(in: store)
      return (try await store.jobs(page), try await store.gates())
    }
    switch options.json ? .json : output {
    case .json: try JSONOutput.print("jobs", jobs.map { JobView($0) })
    case .jsonl: for job in jobs { try Output.json(JSONText.encode(JobView(job))) }
    case .csv:
      try Output.line("id,state,kind,queue,attempts,subject,why")
      for job in jobs {
        let cells = ["\(job.id)", job.state.rawValue, job.kind, job.queue, "\(job.token)", JobTable.subject(job)]
        try Output.write(CSVText.record(cells + [JobTable.why(job, gates)]) + "\n")
      }
    case .name: for job in jobs { try Output.line("\(job.id)") }
    case .table, .wide:
      if jobs.isEmpty { return Output.message("no job matches") }
      try Output.painted(JobTable.rendered(jobs, gates, wide: output == .wide, now: now, for: .output))
      if jobs.count == limit, let last = jobs.last {
        Output.message("there may be more: --before \(last.id)")
      }
    }
  }
}
