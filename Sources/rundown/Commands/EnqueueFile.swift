import ArgumentParser
import JobQueue
import Manifests
import Presentation
import Settings

/// `rundown enqueue FILE` and `rundown enqueue -`.
struct EnqueueFile: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "file",
    abstract: "Enqueue a YAML, JSON or JSON Lines file of jobs, or standard input with -.",
    discussion: """
      EXAMPLES:
        rundown enqueue jobs/onboarding.yaml
        rundown enqueue --check jobs/onboarding.yaml
        generate-jobs | rundown enqueue -   # a JSON object per line, or a whole file
      """)

  @Argument(help: "A file of jobs, or - for standard input.")
  var file: String

  @Flag(help: "Only check the jobs: report every error and warning, enqueue nothing.")
  var check = false

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let clock = SystemClock()
    let source = try JobFileText(file)
    let paths = NamedPaths()
    var findings = EnqueueFindings()
    let read = JobFile.read(source.text, file: source.name, now: clock.now(), absolute: paths.absolute)
    for path in paths.given { try ProcessContext.requireFolder(for: path) }
    let known = try findings.settings(options)
    var readable: JobFile?
    switch read {
    case .success(let jobs):
      guard !jobs.jobs.isEmpty else {
        throw CommandError.input(
          "RD0201", "\(source.name) contains no jobs", flag: source.name,
          help: "each line is one job, written as under jobs")
      }
      findings.add(jobs.warnings)
      findings.look(at: jobs.connections, jobs.files, known)
      try findings.look(at: jobs.jobs, places: jobs.places)
      await findings.look(atParentsOf: jobs.jobs, known, isCheck: check, flag: source.name)
      readable = jobs
    case .failure(let problems):
      findings.add(problems.diagnostics + problems.warnings)
      findings.look(at: problems.connections, problems.files, known)
    }
    try findings.report()
    guard let settings = known, let jobs = readable else { return }
    if check { return try EnqueueCheck.print(jobs.jobs.count, warnings: findings.warnings, json: options.json) }
    try await Queue.with(settings, mustExist: false) { store in
      // Printed before the file is closed: the jobs are on disk, and closing takes longer than enqueuing them.
      let entered = try await BatchEnqueue(verb: "enqueue", source: source.name)
        .enqueue(jobs.jobs, in: store, clock: clock)
      let others = try await PresentJobs.differences(jobs.jobs, entered.receipts, in: store)
      try Receipts.print(
        entered.receipts, names: jobs.names, others: others, batch: entered.batch, in: settings, json: options.json)
      if !options.json { entered.printBatch() }
    }
  }
}

/// The paths that a file of jobs names.
private final class NamedPaths {
  private(set) var given: [String] = []

  func absolute(_ path: String) -> String {
    given.append(path)
    return ProcessContext.absolute(path)
  }
}
