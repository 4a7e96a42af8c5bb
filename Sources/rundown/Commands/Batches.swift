import ArgumentParser
import JobQueue
import Presentation
import StreamingJobs

/// `rundown batches`.
struct Batches: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show or cancel the jobs that one apply or one job file added.",
    discussion: """
      EXAMPLES:
        rundown batches list
        rundown batches show 20261205-201500
        rundown batches cancel 20261205-201500
      """,
    subcommands: [BatchesList.self, BatchesShow.self, BatchesCancel.self], defaultSubcommand: BatchesList.self)
}

/// `rundown batches list`.
struct BatchesList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List batches, newest first.",
    discussion: """
      EXAMPLES:
        rundown batches list
        rundown batches list -l manifest=gig --json

      ASKED is the number of jobs that the command asked for; JOBS are those that it
      added, by state, without pruned ones. Jobs that were already in the queue
      belong to an earlier batch.
      """)

  @Option(help: "Show at most N batches.")
  var limit = 20

  @Option(name: [.short, .long], help: "Only batches whose jobs all have this label, name=value (repeatable).")
  var label: [NameAndValue] = []

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    guard (1...JobLimits.batch).contains(limit) else {
      throw CommandError.input(
        "RD0303", "\(limit) is not between 1 and \(JobLimits.batch)", flag: "--limit", help: "for example: --limit 20")
    }
    let labels = NameAndValue.dictionary(label)
    let batches = try await Queue.with(options) { store in
      let all = try await store.batches().filter { record, _ in labels.allSatisfy { record.labels[$0.key] == $0.value }
      }
      let newest = all.map(\.batch).sorted { ($0.at, $0.name) > ($1.at, $1.name) }.prefix(limit)
      return try await store.standings(of: Array(newest))
    }
    if options.json { return try JSONOutput.print("batches", batches.map { BatchView($0) }) }
    guard !batches.isEmpty else {
      return Output.message("no batches: rundown apply and rundown enqueue FILE create them")
    }
    try Output.painted(BatchTable.rendered(batches, times: options.times(SystemClock().now()), for: .output))
  }
}

/// `rundown batches show`.
struct BatchesShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show the jobs of a batch by kind and state, and what stopped them.",
    discussion: """
      EXAMPLES:
        rundown batches show 20261205-201500
      """)

  @Argument(help: "The batch's name.", completion: .batchNames)
  var name: String

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let (batch, jobs) = try await Queue.with(options) { store in
      (try await store.batch(named: name), try await store.allJobs(JobQuery(labels: [Batch.label: name])))
    }
    let states = Dictionary(jobs.map { ($0.state, 1) }, uniquingKeysWith: +)
    let standing = BatchStanding(batch, states: states)
    if options.json { return try JSONOutput.print("batch", BatchView(standing)) }
    let times = options.times(SystemClock().now())
    try Output.painted(BatchTable.rendered([standing], times: times, for: .output))
    guard !jobs.isEmpty else { return }
    try Output.painted("\n" + BatchTable.kinds(jobs, for: .output))
    let causes = JobCause.grouped(jobs.filter { [.dead, .held].contains($0.state) })
    if !causes.isEmpty { try Output.painted("\n" + JobCauses.rendered(causes, times: times, for: .output)) }
    if Terminal.error.isTerminal {
      Output.sentence("next: rundown jobs list -l batch=\(batch.name), or rundown wait -l batch=\(batch.name)")
    }
  }
}

/// `rundown batches cancel`.
struct BatchesCancel: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel", abstract: "Cancel the unfinished jobs of a batch.",
    discussion: """
      EXAMPLES:
        rundown batches cancel 20261205-201500
        rundown batches cancel 20261205-201500 --yes --reason "wrong sheet"
      """)

  private struct View: Encodable {
    var id: Int64
    var state: String
  }

  @Argument(help: "The batch's name.", completion: .batchNames)
  var name: String

  @Option(help: "Why, for the history (default: cancelled by an operator).") var reason: String?

  @Flag(name: [.short, .long], help: "Do not ask.")
  var yes = false

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    try ReasonOption.check(reason)
    let states = try await Queue.with(options) { store in
      let batch = try await store.batch(named: name)
      let query = JobQuery(states: JobState.unfinished, labels: [Batch.label: batch.name])
      let ids = try await store.allJobs(query).map(\.id).sorted()
      guard !ids.isEmpty else { return [JobID: JobState]() }
      if !yes {
        let jobs = "\(ids.count) \(ids.count == 1 ? "job" : "jobs") of \(batch.verb) \(batch.source)"
        try Confirmation.ask("cancel \(jobs)", orSay: "cancel would change \(jobs)")
      }
      return try await store.cancel(
        ids, why: reason ?? "cancelled by an operator", by: .caller(filter: words), at: SystemClock().now())
    }
    if options.json {
      let views = states.sorted { $0.key < $1.key }.map { View(id: $0.key.rawValue, state: $0.value.rawValue) }
      return try JSONOutput.print("jobs", views)
    }
    guard !states.isEmpty else { return Output.message("batch \(name) has no unfinished jobs; nothing was changed") }
    for (id, state) in states.sorted(by: { $0.key < $1.key }) { try Output.line("\(id) \(state.rawValue)") }
  }

  /// What was given, for the audit.
  private var words: String { "batch \(name)" + (reason.map { " --reason \"\($0)\"" } ?? "") }
}

extension QueryStore {
  /// Every batch with its record.
  fileprivate func batches() async throws -> [(record: Record, batch: Batch)] {
    try await allRecords(RecordQuery(Batch.collection)).compactMap { record in
      (try? JSONText.decode(Batch.self, from: record.value)).map { (record, $0) }
    }
  }

  /// - Throws: ``CommandError`` RD0423 when there is none.
  fileprivate func batch(named name: String) async throws -> Batch {
    let found = try await records(RecordQuery(Batch.collection, key: name, limit: 1)).first
    if let found, let batch = try? JSONText.decode(Batch.self, from: found.value) { return batch }
    throw CommandError(
      status: .notFound, code: "RD0423", message: "no such batch: '\(name)'", help: "see: rundown batches list")
  }

  /// The states of the jobs of some batches, read in one pass over the jobs enqueued since the first of them.
  fileprivate func standings(of batches: [Batch]) async throws -> [BatchStanding] {
    guard let since = batches.map(\.at).min() else { return [] }
    var states: [String: [JobState: Int]] = [:]
    try await eachPage(JobQuery(createdSince: since)) { page in
      for job in page {
        if let name = job.labels[Batch.label] { states[name, default: [:]][job.state, default: 0] += 1 }
      }
      return true
    }
    return batches.map { BatchStanding($0, states: states[$0.name] ?? [:]) }
  }
}
