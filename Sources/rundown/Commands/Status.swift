import ArgumentParser
import JobQueue
import Presentation
import Settings

/// `rundown status`.
struct Status: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show how the queue stands: jobs by queue and state, and the workers.",
    discussion: """
      EXAMPLES:
        rundown status
        rundown status --watch      again whenever something changes, until Ctrl-C
      """)

  @Flag(help: "Show it again whenever something changes.")
  var watch = false

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let settings = try ProcessContext.settings(options)
    let path = settings.database.value
    try await Queue.with(settings, mustExist: true) { store in
      let clock = SystemClock()
      try await show(store, path, now: clock.now())
      guard watch else { return }
      let changes = Changes(store: store, clock: clock)
      while try await changes.next(atMost: .seconds(5)), !Output.isClosed {
        try await show(store, path, now: clock.now())
      }
    }
  }

  private func show(_ store: any QueryStore, _ path: String, now: Timestamp) async throws {
    let status = try await store.status()
    let gates = try await store.gates()
    let budgets = try await store.budgets(at: now)
    if options.json { return try JSONOutput.print("status", StatusView(path, status, gates, budgets)) }
    // From the top of a cleared screen on a terminal; one block after the other into a file.
    if watch, Terminal.output.isTerminal { try Output.write("\u{1B}[H\u{1B}[2J") }
    try Output.painted(StatusTable.rendered(path, status, gates, budgets, now: now, for: .output))
  }
}
