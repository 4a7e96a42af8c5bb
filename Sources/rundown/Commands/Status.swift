import ArgumentParser
import JobQueue
import JobWorker
import Manifests
import Presentation
import Settings

/// `rundown status`.
struct Status: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the state of the queue: what keeps jobs from running, jobs by queue and state, workers.",
    discussion: """
      EXAMPLES:
        rundown status
        rundown status --watch
        rundown status -f gig.csv --profile s3-hls-eu

      With -f it shows the board of a manifest or a sheet that was applied, even
      days later: the bucket, map entry and target of each stream.

      With --watch it is updated whenever something changes, with the progress of
      running uploads, until Ctrl-C.
      """)

  @Flag(help: "Keep showing it, updated whenever something changes.")
  var watch = false

  @Option(name: [.customShort("f"), .customLong("file")], help: "The board of this manifest or sheet.")
  var file: String?

  @Option(help: "With -f: the profile that it was applied with.")
  var profile: String?

  @Option(help: "With -f: the file of connections that it was applied with.")
  var connections: String?

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    guard let file else {
      guard profile == nil, connections == nil else {
        throw CommandError.input(
          "RD0301", "--profile and --connections say how a sheet was applied",
          flag: profile == nil ? "--connections" : "--profile",
          help: "add -f FILE")
      }
      return try await showQueue()
    }
    try await showBoard(of: file)
  }

  private func showBoard(of file: String) async throws {
    let manifest = try ManifestInput.read(file, profile: profile)
    let settings = try ManifestOptions.settings(options, manifest, connections: connections)
    let expansion = try manifest.expanded(known: Apply.known(settings), now: SystemClock().now())
    let report = BoardReport(expansion: expansion, options: options)
    try await Queue.with(settings, mustExist: true) { store in
      let clock = SystemClock()
      var changes = Changes(store: store, clock: clock)
      repeat {
        try await report.show(try await report.board(in: store), in: store, clock.now(), isScreen: watch)
        guard watch else { return }
      } while try await changes.next(atMost: .seconds(5)) && !Output.isClosed
    }
  }

  private func showQueue() async throws {
    let settings = try ProcessContext.settings(options)
    let path = settings.database.value
    try await Queue.with(settings, mustExist: true) { store in
      let clock = SystemClock()
      var running = RunningJobs()
      try await show(store, path, &running, now: clock.now())
      guard watch else { return }
      var changes = Changes(store: store, clock: clock)
      while try await changes.next(atMost: .seconds(5)), !Output.isClosed {
        try await show(store, path, &running, now: clock.now())
      }
    }
  }

  private func show(_ store: any JobStore, _ path: String, _ running: inout RunningJobs, now: Timestamp) async throws {
    let status = try await store.status()
    let gates = try await store.gates()
    let budgets = try await store.budgets(at: now)
    let liveness = WorkerLiveness()
    let workers = WorkerReport(status) { liveness.lives($0, at: now) }
    if options.json { return try JSONOutput.print("status", StatusView(path, status, workers, gates, budgets)) }
    let jobs = status.count(.running) > 0 ? try await store.jobs(JobQuery(states: [.running], limit: 20)) : []
    let progress = try await running.sentences(on: jobs, in: store, now)
    let text = StatusTable.rendered(
      path, status, workers, gates, budgets, running: progress, times: options.times(now), for: .output)
    // On a terminal, starts at the top of a cleared screen; in a file, one block follows the other.
    guard watch, Terminal.output.isTerminal else { return try Output.painted(text) }
    try Output.write("\u{1B}[H\u{1B}[2J")
    try Output.painted(Terminal.output.page(text))
  }
}
