import ArgumentParser
import Glibc
import JobQueue
import Presentation

/// `rundown jobs retry`.
struct JobsRetry: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry", abstract: "Run finished jobs again, and held or scheduled ones now. Their history is kept.",
    discussion: """
      EXAMPLES:
        rundown jobs retry 12
        rundown jobs retry --state dead --error differs
      """)

  @OptionGroup var selection: JobSelection
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    try await selection.change("retry", options) { store, ids, author, now in
      try await store.retry(ids, by: author, at: now)
    }
  }
}

/// `rundown jobs cancel`.
struct JobsCancel: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel", abstract: "Cancel jobs; running ones are stopped within ten seconds.",
    discussion: """
      EXAMPLES:
        rundown jobs cancel 12 13
        rundown jobs cancel -l event=cup --yes
      """)

  @OptionGroup var selection: JobSelection
  @Option(help: "Why, for the history (default: cancelled by an operator).") var reason: String?
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    try ReasonOption.check(reason)
    try await selection.change("cancel", reason: reason, options) { store, ids, author, now in
      try await store.cancel(ids, why: reason ?? "cancelled by an operator", by: author, at: now)
    }
  }
}

/// `rundown jobs discard`.
struct JobsDiscard: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "discard", abstract: "Set aside dead or held jobs that no one will retry: they become cancelled.",
    discussion: """
      EXAMPLES:
        rundown jobs discard 12 13
        rundown jobs discard --state dead --error NoSuchBucket --yes

      Their history stays, and rundown jobs retry brings them back.
      """)

  @OptionGroup var selection: JobSelection
  @Option(help: "Why, for the history (default: discarded by an operator).") var reason: String?
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    try ReasonOption.check(reason)
    try await selection.change("discard", reason: reason, options) { store, ids, author, now in
      try await store.discard(ids, why: reason ?? "discarded by an operator", by: author, at: now)
    }
  }
}

/// The jobs to act on, by number or by filter.
struct JobSelection: ParsableArguments {
  private struct View: Encodable {
    var id: Int64
    var state: String
  }

  @Argument(help: "The jobs' numbers.", completion: .jobNumbers)
  var ids: [Int64] = []

  @OptionGroup var filter: JobFilter

  @Flag(name: [.short, .long], help: "Do not ask.")
  var yes = false

  /// Acts on the jobs; asks first if they were chosen by a filter.
  func change(
    _ verb: String, reason: String? = nil, _ options: GlobalOptions,
    _ body: @Sendable (any OperatorStore, [JobID], Operator, Timestamp) async throws -> [JobID: JobState]
  ) async throws {
    guard !ids.isEmpty || !filter.isEmpty else {
      throw CommandError.input(
        "RD0306", "no jobs selected to \(verb)", help: "give their numbers, or filters such as --state dead")
    }
    let clock = SystemClock()
    let query = try filter.query(ids: ids, now: clock.now())
    let (before, states) = try await Queue.with(options) { store in
      try await filter.check(in: store)
      let jobs = try await store.allJobs(query)
      let chosen = jobs.map(\.id).reversed()
      guard !chosen.isEmpty else {
        throw CommandError(
          status: .notFound, code: "no-such-job", message: "no job matches", help: "see: rundown jobs list")
      }
      try confirm(verb, chosen.count)
      let before = Dictionary(jobs.map { ($0.id, $0.state) }, uniquingKeysWith: { first, _ in first })
      return (before, try await body(store, Array(chosen), .caller(filter: description(reason)), clock.now()))
    }
    printUnchanged(verb, before, states)
    try print(states.sorted { $0.key < $1.key }.map { View(id: $0.key.rawValue, state: $0.value.rawValue) }, options)
    let unknown = ids.filter { states[JobID($0)] == nil }
    guard unknown.isEmpty else {
      throw CommandError(
        status: .partlyFailed, code: "no-such-job",
        message: "no such job, or excluded by the filters: \(unknown.map(String.init).joined(separator: ", "))",
        help: "the others are done; see: rundown jobs list")
    }
    if verb == "discard", let error = undiscarded(states) { throw error }
  }

  /// The error for jobs that a discard could not take, because they are neither dead nor held. A filter may match such
  /// jobs, too; then it is enough if some were discarded.
  private func undiscarded(_ states: [JobID: JobState]) -> CommandError? {
    let left = states.count { $0.value != .cancelled }
    let isNone = left == states.count
    guard isNone || left > 0 && !ids.isEmpty else { return nil }
    return CommandError(
      status: isNone ? .failed : .partlyFailed, code: JobStoreError.Code.wrongState.rawValue,
      message: isNone
        ? "nothing was discarded: only dead and held jobs can be"
        : "\(left) of \(states.count) jobs \(left == 1 ? "was" : "were") not discarded: only dead and held jobs can be",
      help: "to end a job that has not finished: rundown jobs cancel NUMBER")
  }

  /// Says which jobs were left as they are.
  private func printUnchanged(_ verb: String, _ before: [JobID: JobState], _ after: [JobID: JobState]) {
    let unchanged = before.filter { id, state in
      // A running job is asked to stop, and runs on for a moment.
      after[id] == state && !(verb == "cancel" && state == .running)
    }.sorted { $0.key < $1.key }
    for (id, state) in unchanged.prefix(5) {
      let isSo = verb == "discard" && state != .cancelled ? "" : "already "
      Output.sentence("job \(id) is \(isSo)\(state.rawValue); nothing was changed")
    }
    if unchanged.count > 5 { Output.sentence("… and \(unchanged.count - 5) more were left as they are") }
  }

  /// The numbers, filters and reason, as they were given.
  private func description(_ reason: String?) -> String {
    let why = reason.map { ["--reason", "\"\($0)\""] } ?? []
    return (ids.map(String.init) + filter.words + why).joined(separator: " ")
  }

  private func print(_ jobs: [View], _ options: GlobalOptions) throws {
    if options.json { return try JSONOutput.print("jobs", jobs) }
    for job in jobs { try Output.line("\(job.id) \(job.state)") }
    if Terminal.error.isTerminal { Output.sentence("next: rundown status, or rundown wait") }
  }

  private func confirm(_ verb: String, _ count: Int) throws {
    // Numbers are a deliberate choice; a filter may match more than expected.
    guard ids.isEmpty, !yes else { return }
    let jobs = "\(count) \(count == 1 ? "job" : "jobs")"
    try Confirmation.ask("\(verb) \(jobs)", orSay: "\(verb) would change \(jobs)")
  }
}
