import ArgumentParser
import Connections
import JobQueue
import Manifests
import Presentation
import Settings
import StreamingJobs

/// `rundown gates`.
struct Gates: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the gates of provider accounts and hosts, close them for maintenance, open them.",
    discussion: """
      EXAMPLES:
        rundown gates list
        rundown gates close engine:fra1 --until +2h --reason "new disks"
        rundown gates open engine:fra1

      A gate is named engine:NAME, aws:NAME or wowza-video:NAME, after the
      connection. While it is closed, its jobs wait without using up attempts.
      Workers close it when the provider cannot be reached, refuses the credentials
      or asks for a pause, and reopen it once a single job, the probe, gets through.
      """, subcommands: [GatesList.self, GatesClose.self, GatesOpen.self], defaultSubcommand: GatesList.self)
}

/// `rundown gates list`.
struct GatesList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List all gates that have ever been closed.",
    discussion: "EXAMPLE:\n  rundown gates list"
  )

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let gates = try await Queue.with(options) { try await $0.gates() }
    if options.json { return try JSONOutput.print("gates", gates.map { GateView($0) }) }
    guard !gates.isEmpty else { return Output.sentence("no gate has ever been closed") }
    try Output.painted(GateTable.rendered(gates, times: options.times(SystemClock().now()), for: .output))
  }
}

/// `rundown gates close`.
struct GatesClose: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "close", abstract: "Close a gate: its waiting jobs do not start; running ones finish.",
    discussion: """
      EXAMPLES:
        rundown gates close engine:fra1 --until +2h --reason "new disks"
        rundown gates close wowza-video:main --reason "billing is being settled"
      """)

  @Argument(help: "The gate: engine:NAME, aws:NAME or wowza-video:NAME.")
  var gate: String

  @Option(
    help:
      "When a first job may try again: '2026-12-05 06:00' (local time), 2026-12-05T06:00:00+01:00, or +2h (default: when an operator opens it)."
  )
  var until: String?

  @Option(help: "Why, for anyone who wonders what the jobs are waiting for.")
  var reason: String

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let now = SystemClock().now()
    let end = try moment(now)
    guard ProviderGate.isKnown(gate) else {
      throw CommandError.input(
        "RD0303", "'\(gate)' is not a valid gate",
        help: "write engine:NAME, aws:NAME or wowza-video:NAME, with a connection's name")
    }
    try ReasonOption.check(reason)
    let settings = try ProcessContext.settings(options)
    let status = try await Queue.with(settings, mustExist: true) { store in
      try await GateCheck(settings, store).check(gate)
      try await store.closeGate(gate, until: end, reason: reason, by: .caller(filter: description), at: now)
      return try await store.gates().first { $0.gate.key == gate }
    }
    if options.json { return try JSONOutput.print("gates", [status].compactMap { $0 }.map { GateView($0) }) }
    try Output.line("\(gate) closed")
    if Terminal.error.isTerminal { Output.sentence("next: rundown gates open \(gate)") }
  }

  /// The gate and the options, as they were given.
  private var description: String {
    ([gate] + (until.map { ["--until", $0] } ?? []) + ["--reason", "\"\(reason)\""]).joined(separator: " ")
  }

  private func moment(_ now: Timestamp) throws -> Timestamp? {
    guard let until else { return nil }
    let moment: Timestamp
    do {
      moment = try MomentText.read(until, in: .commandLine, now: now)
    } catch {
      throw CommandError.input("RD0204", error.message, flag: "--until", help: error.help)
    }
    guard moment > now else {
      throw CommandError.input("RD0303", "'\(until)' is in the past", flag: "--until", help: MomentText.flagHint)
    }
    return moment
  }
}

/// `rundown gates open`.
struct GatesOpen: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open", abstract: "Open a gate: its waiting jobs may start.",
    discussion: "EXAMPLE:\n  rundown gates open engine:fra1")

  @Argument(help: "The gate, as rundown gates list shows it.")
  var gate: String

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let wasClosed = try await Queue.with(options) { store in
      let known = try await store.gates().map(\.gate.key)
      guard known.contains(gate) else {
        throw CommandError(
          status: .notFound, code: "no-such-gate", message: "gate '\(gate)' has never been closed",
          help: Suggestion.nearest(to: gate, among: known).map { "did you mean \($0)?" } ?? "see: rundown gates list")
      }
      return try await store.openGate(gate, by: .caller(), at: SystemClock().now())
    }
    if options.json {
      return try JSONOutput.print("gates", [["key": gate, "state": "open", "changed": wasClosed ? "yes" : "no"]])
    }
    try Output.line("\(gate) \(wasClosed ? "opened" : "is already open")")
  }
}
