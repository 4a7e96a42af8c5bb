public import ArgumentParser
public import JobQueue
import Manifests
import Settings
import StreamingJobs

/// `rundown jobs`.
struct Jobs: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show jobs and act on them.",
    discussion: """
      EXAMPLES:
        rundown jobs list --state dead,held --failed-since 12h --by code
        rundown jobs show 12
        rundown jobs retry --state dead --kind create-map-entry
        rundown jobs cancel 12 13
        rundown jobs discard --state dead --error NoSuchBucket
      """,
    subcommands: [JobsList.self, JobsShow.self, JobsRetry.self, JobsCancel.self, JobsDiscard.self],
    defaultSubcommand: JobsList.self)
}

/// The filters that choose jobs.
struct JobFilter: ParsableArguments {
  @Option(
    help: "Only jobs in this state, such as dead or dead,held (repeatable).",
    completion: .list(JobState.allCases.map(\.rawValue)))
  var state: [String] = []

  @Option(help: "Only jobs of this kind (repeatable).", completion: .list(JobKinds.streaming.all.map(\.kind)))
  var kind: [String] = []

  @Option(help: "Only jobs in this queue (repeatable).")
  var queue: [String] = []

  @Option(name: [.short, .long], help: "Only jobs with this label, name=value (repeatable).")
  var label: [NameAndValue] = []

  @Option(name: .customLong("error"), help: "Only jobs whose latest failure has this code.")
  var errorCode: String?

  @Option(help: "Only jobs enqueued within the last 90s, 2h, 7d.")
  var since: String?

  @Option(help: "Only jobs that died or were held within the last 90s, 12h, 7d.")
  var failedSince: String?

  @Option(help: "Only jobs that ended within the last 90s, 12h, 7d.")
  var finishedSince: String?

  @Option(help: "Only jobs whose parameters contain this text.")
  var argument: String?

  /// Whether there is no filter at all.
  var isEmpty: Bool {
    state.isEmpty && kind.isEmpty && queue.isEmpty && label.isEmpty && errorCode == nil && since == nil
      && failedSince == nil && finishedSince == nil && argument == nil
  }

  /// The options as they were given.
  var words: [String] {
    let options: [(String, [String])] = [
      ("--state", state), ("--kind", kind), ("--queue", queue),
      ("--label", label.map { "\($0.name)=\($0.value)" }), ("--error", errorCode.map { [$0] } ?? []),
      ("--since", since.map { [$0] } ?? []), ("--failed-since", failedSince.map { [$0] } ?? []),
      ("--finished-since", finishedSince.map { [$0] } ?? []), ("--argument", argument.map { [$0] } ?? []),
    ]
    return options.flatMap { name, values in values.map { "\(name) \($0.contains(" ") ? "\"\($0)\"" : $0)" } }
  }

  /// The query for the store.
  func query(ids: [Int64] = [], limit: Int = 100, now: Timestamp) throws -> JobQuery {
    func moment(_ text: String?, _ flag: String) throws -> Timestamp? {
      guard let text else { return nil }
      guard let span = DurationText.parse(text) else { throw CommandError.noSpan(text, flag: flag) }
      return now - span
    }
    return JobQuery(
      states: try StateList.parse(state, flag: "--state"), kinds: kind, queues: queue,
      labels: NameAndValue.dictionary(label), failureCode: errorCode,
      createdSince: try moment(since, "--since"), finishedSince: try moment(finishedSince, "--finished-since"),
      stoppedSince: try moment(failedSince, "--failed-since"), payloadContains: argument,
      ids: ids.map { JobID($0) }, limit: limit)
  }
}

extension JobState: ExpressibleByArgument {}
