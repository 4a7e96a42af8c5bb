import ArgumentParser
import JobQueue
import Manifests
import Settings

/// Options that apply to any job, besides its parameters.
struct JobOptions: ParsableArguments {
  @Option(help: "Wait until the job with this number has completed (repeatable).")
  var after: [Int64] = []

  @Option(name: [.short, .long], help: "A label for finding the job, such as event=cup (repeatable).")
  var label: [NameAndValue] = []

  @Option(help: "Priority; jobs with a higher one run first.")
  var priority: Int = 0

  @Option(help: "Do not run before this time: '2026-12-05 20:15' (local time), 2026-12-05T20:15:00+01:00, or +10m.")
  var runAt: String?

  @Option(name: .customLong("in"), help: "Do not run before this much time has passed: 90s, 10m, 2h.")
  var delay: String?

  @Option(help: "Give up after N failures.")
  var maxAttempts: Int?

  @Flag(help: "Only check the job: report every error and warning, enqueue nothing.")
  var check = false

  /// The values of these options, with all errors and warnings about them.
  func reading(now: Timestamp) -> (options: EnqueueOptions, diagnostics: [Diagnostic]) {
    var options = EnqueueOptions(
      priority: priority, parents: after.map { .job(JobID($0)) }, labels: NameAndValue.dictionary(label),
      maxAttempts: maxAttempts.map { max(1, $0) })
    var diagnostics: [Diagnostic] = []
    if runAt != nil, delay != nil {
      diagnostics.append(
        Diagnostic(
          code: "RD0305", message: "--run-at and --in both say when the job may run", flag: "--run-at, --in",
          help: "use only one of them"))
    }
    if let maxAttempts, maxAttempts < 1 {
      diagnostics.append(
        Diagnostic(
          code: "RD0303", message: "\(maxAttempts) is not at least 1", flag: "--max-attempts",
          help: "leave it out to use the kind's default"))
    }
    if let runAt {
      do {
        let moment = try MomentText.read(runAt, in: .commandLine, now: now)
        options.runAt = moment
        if moment < now {
          diagnostics.append(
            Diagnostic(
              code: "RD0213", severity: .warning, message: "'\(runAt)' is in the past: the job is ready at once",
              flag: "--run-at", help: "set a later time, or leave it out"))
        }
      } catch {
        diagnostics.append(Diagnostic(code: "RD0204", message: error.message, flag: "--run-at", help: error.help))
      }
    }
    if let delay {
      if let span = DurationText.parse(delay) {
        options.runAt = now + span
      } else {
        diagnostics += CommandError.noSpan(delay, flag: "--in").diagnostics
      }
    }
    return (options, diagnostics)
  }
}

/// `name=value`.
struct NameAndValue: ExpressibleByArgument {
  let name: String
  let value: String

  init?(argument: String) {
    guard let equals = argument.firstIndex(of: "="), equals != argument.startIndex else { return nil }
    name = String(argument[..<equals])
    value = String(argument[argument.index(after: equals)...])
  }

  static func dictionary(_ pairs: [NameAndValue]) -> [String: String] {
    Dictionary(pairs.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last })
  }
}
