import ArgumentParser
import JobQueue
import Manifests
import Presentation
import Settings

/// `rundown wait`.
struct Wait: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Wait until jobs are done: all jobs in the queue, or those chosen by numbers or filters.",
    discussion: """
      EXAMPLES:
        rundown wait --for completed --timeout 10m
        rundown wait 12 13 14
        rundown wait -l event=cup

      It exits with 0 when every job has reached the state, 1 when one can no longer
      reach it, and 124 when the timeout has passed. A job that is held, or waits for
      one that is dead, cancelled or held, is stuck until an operator acts. Without
      numbers and filters, every job in the queue counts, even those that ended
      earlier.

      Within two seconds it says on standard error what keeps jobs from running and
      until when scheduled ones wait. It keeps waiting whatever that is.
      """)

  @Argument(help: "The jobs' numbers (default, without filters: all jobs).", completion: .jobNumbers)
  var ids: [Int64] = []

  @Option(name: .customLong("for"), help: "The state to wait for.")
  var wanted = JobState.completed

  @Option(help: "Give up after this long: 90s, 10m, 2h.")
  var timeout: String?

  @OptionGroup var filter: JobFilter
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let clock = SystemClock()
    let deadline = try deadline(clock.now())
    let query = try filter.query(ids: ids, now: clock.now())
    try await Interruption.guarded("the jobs continue; check on them with: rundown status") {
      try await Queue.with(options) { store in
        try await filter.check(in: store)
        var changes = Changes(store: store, clock: clock)
        var report = WaitReport(start: clock.now()) { options.times($0) }
        var shown = ""
        while true {
          let jobs = try await store.allJobs(query)
          let blocked = jobs.filter { $0.state == .blocked }.map(\.id)
          let stuck = blocked.isEmpty ? [] : try await store.needingOperator(among: blocked)
          let view = WaitView(jobs, stuck: stuck, wanted: wanted)
          if jobs.isEmpty {
            throw CommandError(
              status: .notFound, code: "no-such-job", message: "no job matches", help: "see: rundown jobs list")
          }
          if shown.isEmpty, ids.isEmpty, filter.isEmpty, let scope = view.scope { Output.sentence(scope) }
          if view.summary != shown, !options.json { Output.message(view.summary) }
          shown = view.summary
          if !options.json {
            try await report.print(jobs, lost: view.lost, in: store, clock.now())
          }
          if view.isDecided { return try end(view) }
          let pause = report.pause(clock.now())
          let left = deadline.map { $0 - clock.now() } ?? pause
          guard left > .zero else {
            throw CommandError(
              status: .timedOut, code: "wait-timeout", message: "time is up: \(view.summary)", flag: "--timeout",
              help: "the jobs continue; check on them with: rundown status")
          }
          _ = try await changes.next(atMost: min(left, pause))
        }
      }
    }
  }

  private func deadline(_ now: Timestamp) throws -> Timestamp? {
    guard let timeout else { return nil }
    guard let span = DurationText.parse(timeout) else { throw CommandError.noSpan(timeout, flag: "--timeout") }
    return now + span
  }

  private func end(_ view: WaitView) throws {
    if options.json { try JSONOutput.print("wait", view) }
    guard view.lost.isEmpty else {
      throw CommandError(
        status: .failed, code: "not-reached",
        message: "\(view.lost.count) will not be \(wanted.rawValue): "
          + view.lost.prefix(10).map(String.init).joined(separator: ", "),
        help: "rundown jobs show \(view.lost[0]) says why")
    }
  }
}
