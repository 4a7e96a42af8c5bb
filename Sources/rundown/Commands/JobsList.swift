import ArgumentParser
import JobQueue
import Presentation
import Settings

/// `rundown jobs list`.
struct JobsList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List jobs, newest first; scheduled ones by time, next one first.",
    discussion: """
      EXAMPLES:
        rundown jobs list --state dead,held --failed-since 12h --by code
        rundown jobs list --finished-since 12h
        rundown jobs list --state scheduled
        rundown jobs list --kind upload-recording -o wide
        rundown jobs list -l event=cup --json
        rundown jobs list -o csv --columns id,state,playbackURL,key,target-id

      --columns takes fields of the job, of its result and of its parameters, such as
      id, state, why, finishedAt, url, playbackURL, bucket, and label.NAME for a
      label. Where result and parameters share a name: result.NAME, parameter.NAME.
      """)

  /// The output formats of a list.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case table, wide, json, jsonl, csv, name
  }

  /// What jobs can be grouped by.
  enum Grouping: String, ExpressibleByArgument, CaseIterable {
    case code
  }

  @OptionGroup var filter: JobFilter

  @Option(help: "Show at most N jobs.")
  var limit = 50

  @Option(help: "Only jobs with a lower number: for the next page, the last one of this page.")
  var before: Int64?

  @Option(name: [.customShort("o"), .long], help: "The output format.")
  var output = Format.table

  @Option(help: "The columns of the table or CSV: id,state,playbackURL.")
  var columns: String?

  @Option(help: "Group jobs by what stopped them; by default those that are dead or held.")
  var by: Grouping?

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    guard (1...JobLimits.batch).contains(limit) else {
      throw CommandError.input(
        "RD0303", "\(limit) is not between 1 and \(JobLimits.batch)", flag: "--limit",
        help: "get the next page with --before")
    }
    let columns = try chosenColumns()
    let now = SystemClock().now()
    var query = try filter.query(limit: limit, now: now)
    if by != nil { return try await showCauses(query, now) }
    query.before = before.map { JobID($0) }
    if query.states == [.scheduled], before == nil { query.order = .nextFirst }
    let page = query
    let (jobs, gates) = try await Queue.with(options) { store in
      try await filter.check(in: store)
      return (try await store.jobs(page), try await store.gates())
    }
    switch options.json ? .json : output {
    case .json: try JSONOutput.print("jobs", jobs.map { JobView($0) })
    case .jsonl: for job in jobs { try Output.json(JSONText.encode(JobView(job))) }
    case .csv: try writeCSV(jobs, gates, columns)
    case .name: for job in jobs { try Output.line("\(job.id)") }
    case .table, .wide:
      if jobs.isEmpty { return Output.message("no job matches") }
      let times = options.times(now)
      try Output.painted(
        columns?.rendered(jobs, gates, times: times, for: .output)
          ?? JobTable.rendered(jobs, gates, wide: output == .wide, times: times, for: .output))
      if jobs.count == limit, let last = jobs.last {
        Output.message(
          "there may be more: " + (page.order == .nextFirst ? "--limit \(2 * limit)" : "--before \(last.id)"))
      }
    }
  }

  private func chosenColumns() throws -> JobColumns? {
    guard let columns else { return nil }
    guard [.table, .wide, .csv].contains(output), !options.json else {
      throw CommandError.input(
        "RD0305", "--columns does not apply to JSON or names", flag: "--columns",
        help: "add -o csv, or leave --columns out")
    }
    do throws(JobColumns.Unknown) {
      return try JobColumns(columns)
    } catch {
      throw CommandError(
        status: .input,
        diagnostics: [
          Diagnostic(
            code: "RD0303", message: "unknown column '\(error.name)'", flag: "--columns", notes: JobColumns.choices,
            help: error.nearest.map { "did you mean '\($0)'?" } ?? "for example: --columns id,state,why,url")
        ])
    }
  }

  private func writeCSV(_ jobs: [Job], _ gates: [GateStatus], _ columns: JobColumns?) throws {
    if let columns {
      try Output.write(CSVText.record(columns.titles) + "\n")
      for job in jobs {
        try Output.write(CSVText.record(columns.cells(job, gates, moment: TimeText.exact)) + "\n")
      }
      return
    }
    try Output.line("id,state,kind,queue,attempts,subject,why")
    for job in jobs {
      let cells = ["\(job.id)", job.state.rawValue, job.kind, job.queue, "\(job.token)", JobTable.subject(job)]
      try Output.write(CSVText.record(cells + [JobTable.why(job, gates)]) + "\n")
    }
  }

  /// The morning report: all jobs that match, regardless of the limit of a list.
  private func showCauses(_ query: JobQuery, _ now: Timestamp) async throws {
    guard [.table, .json].contains(output), columns == nil else {
      throw CommandError.input(
        "RD0305", "--by works only with text and JSON", flag: "--by", help: "leave -o and --columns out, or add --json"
      )
    }
    var query = query
    if query.states.isEmpty { query.states = [.dead, .held] }
    let wanted = query
    let causes = JobCause.grouped(try await Queue.with(options) { try await $0.allJobs(wanted) })
    if options.json || output == .json { return try JSONOutput.print("causes", causes.map { JobCauseView($0) }) }
    guard !causes.isEmpty else { return Output.message("no job matches") }
    try Output.painted(JobCauses.rendered(causes, times: options.times(now), for: .output))
  }
}
