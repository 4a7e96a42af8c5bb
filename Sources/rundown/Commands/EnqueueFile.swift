import ArgumentParser
import Glibc
import JobQueue
import Manifests
import Settings
import StreamingJobs

/// `rundown enqueue FILE` and `rundown enqueue -`.
struct EnqueueFile: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "file",
    abstract: "Enqueue a YAML, JSON or JSON Lines file of jobs, or with - what comes on standard input.",
    discussion: """
      EXAMPLES:
        rundown enqueue jobs/onboarding.yaml
        generate-jobs | rundown enqueue -   # a JSON object per line, or a whole file
      """)

  @Argument(help: "A file of jobs, or - for standard input.")
  var file: String

  @OptionGroup var options: GlobalOptions

  private static let limit = 16 << 20

  func run() async throws {
    let clock = SystemClock()
    let text = try text()
    let name = file == "-" ? "standard input" : file
    let paths = NamedPaths()
    let read = JobFile.read(text, file: name, now: clock.now(), absolute: paths.absolute)
    for path in paths.given { try ProcessContext.requireFolder(for: path) }
    let jobs = try read.get()
    guard !jobs.jobs.isEmpty else {
      throw CommandError.input("RD0201", "\(name) holds no job", help: "each line is one job, as it stands under jobs")
    }
    let settings = try ProcessContext.settings(options)
    try ConnectionCheck(settings).check(jobs.connections)
    try await Queue.with(settings, mustExist: false) { store in
      // Told before the file is closed: the jobs are on disk, and closing takes longer than they did.
      let receipts = try await JobQueue(store: store, clock: clock).enqueue(jobs.jobs)
      let others = try await PresentJobs.differences(jobs.jobs, receipts, in: store)
      try Receipts.tell(receipts, names: jobs.names, others: others, in: settings, json: options.json)
    }
  }

  private func text() throws -> String {
    do {
      if file == "-" { return try TextFile.read(STDIN_FILENO, limit: Self.limit) }
      if let text = try TextFile.read(file, limit: Self.limit) { return text }
    } catch let failure as TextFile.Failure {
      throw CommandError.input("RD0111", "\(file) cannot be read: \(failure)")
    }
    let kinds = JobKinds.streaming.all.map(\.kind)
    if let near = Suggestion.nearest(to: file, among: kinds) {
      throw CommandError(
        status: .input, code: "RD0202", message: "there is no kind of job '\(file)', and no such file",
        help: "did you mean 'rundown enqueue \(near)'?")
    }
    throw CommandError(
      status: .input, code: "RD0202", message: "'\(file)' is no file and no kind of job",
      help: "known kinds: \(kinds.joined(separator: ", "))")
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
