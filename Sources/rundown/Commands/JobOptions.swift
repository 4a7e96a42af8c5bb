import ArgumentParser
import JobQueue
import Manifests
import Settings

/// What a person may say about any job beside its parameters.
struct JobOptions: ParsableArguments {
  @Option(help: "The number of a job that must be completed first; may be repeated.")
  var after: [Int64] = []

  @Option(name: [.short, .long], help: "A name and value to find it by, such as event=cup; may be repeated.")
  var label: [NameAndValue] = []

  @Option(help: "Higher runs first.")
  var priority: Int = 0

  @Option(help: "Not before this moment: 2026-12-05T20:15:00+01:00, or +10m.")
  var runAt: String?

  @Option(name: .customLong("in"), help: "Not before this much time has passed: 90s, 10m, 2h.")
  var delay: String?

  @Option(help: "How many failures end it.")
  var maxAttempts: Int?

  @Flag(help: "Only check the job: report every error and warning, enqueue nothing.")
  var check = false

  /// What is unwise about them.
  func warnings(now: Timestamp) -> [Diagnostic] {
    guard let runAt, let moment = MomentText.parse(runAt, now: now), moment < now else { return [] }
    return [
      Diagnostic(
        code: "RD0213", severity: .warning, message: "'\(runAt)' is in the past: the job is ready at once",
        flag: "--run-at", help: "give a later time, or leave it out")
    ]
  }

  /// The options for the engine.
  /// - Throws: ``CommandError`` when a moment cannot be read.
  func enqueueOptions(now: Timestamp) throws -> EnqueueOptions {
    var options = EnqueueOptions(
      priority: priority, parents: after.map { .job(JobID($0)) }, labels: NameAndValue.dictionary(label),
      maxAttempts: maxAttempts)
    guard runAt == nil || delay == nil else {
      throw CommandError.input(
        "RD0305", "both say when the job may run", flag: "--run-at, --in", help: "give either --run-at or --in")
    }
    if let maxAttempts, maxAttempts < 1 {
      throw CommandError.input(
        "RD0303", "\(maxAttempts) is not at least 1", flag: "--max-attempts",
        help: "leave it out for the kind's own number")
    }
    if let runAt {
      guard let moment = MomentText.parse(runAt, now: now) else {
        throw CommandError.input("RD0204", "'\(runAt)' is no moment", flag: "--run-at", help: MomentText.hint)
      }
      options.runAt = moment
    }
    if let delay {
      guard let span = DurationText.parse(delay) else { throw CommandError.noSpan(delay, flag: "--in") }
      options.runAt = now + span
    }
    return options
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
