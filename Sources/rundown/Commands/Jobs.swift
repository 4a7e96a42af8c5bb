public import ArgumentParser
public import JobQueue
import Manifests
import Settings

/// `rundown jobs`.
struct Jobs: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look at jobs and act on them.",
    discussion: """
      EXAMPLES:
        rundown jobs list --state dead
        rundown jobs show 12
        rundown jobs retry --state dead --kind create-map-entry
        rundown jobs cancel 12 13
      """,
    subcommands: [JobsList.self, JobsShow.self, JobsRetry.self, JobsCancel.self], defaultSubcommand: JobsList.self)
}

/// Which jobs are meant.
struct JobFilter: ParsableArguments {
  @Option(help: "In this state; may be repeated.")
  var state: [JobState] = []

  @Option(help: "Of this kind; may be repeated.")
  var kind: [String] = []

  @Option(help: "In this queue; may be repeated.")
  var queue: [String] = []

  @Option(name: [.short, .long], help: "With this label, name=value; may be repeated.")
  var label: [NameAndValue] = []

  @Option(name: .customLong("error"), help: "Whose newest failure has this code.")
  var errorCode: String?

  @Option(help: "Enqueued within this span of time: 90s, 2h, 7d.")
  var since: String?

  @Option(help: "Whose parameters contain this text.")
  var argument: String?

  /// Whether nothing narrows the choice.
  var isEmpty: Bool {
    state.isEmpty && kind.isEmpty && queue.isEmpty && label.isEmpty && errorCode == nil && since == nil
      && argument == nil
  }

  /// The options as they were given.
  var words: [String] {
    let options: [(String, [String])] = [
      ("--state", state.map(\.rawValue)), ("--kind", kind), ("--queue", queue),
      ("--label", label.map { "\($0.name)=\($0.value)" }), ("--error", errorCode.map { [$0] } ?? []),
      ("--since", since.map { [$0] } ?? []), ("--argument", argument.map { [$0] } ?? []),
    ]
    return options.flatMap { name, values in values.map { "\(name) \($0.contains(" ") ? "\"\($0)\"" : $0)" } }
  }

  /// The query for the store.
  func query(ids: [Int64] = [], limit: Int = 100, now: Timestamp) throws -> JobQuery {
    var created: Timestamp?
    if let since {
      guard let span = DurationText.parse(since) else { throw CommandError.noSpan(since, flag: "--since") }
      created = now - span
    }
    return JobQuery(
      states: state, kinds: kind, queues: queue, labels: NameAndValue.dictionary(label), failureCode: errorCode,
      createdSince: created, payloadContains: argument, ids: ids.map { JobID($0) }, limit: limit)
  }
}

extension JobState: ExpressibleByArgument {}
