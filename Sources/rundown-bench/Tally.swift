import Threading

/// Adds up what a worker did, where it happens, so that it hardly affects the measurement.
final class Tally: Sendable {
  /// Events that the caller may have to act on.
  enum News: Sendable {
    case started
    /// The wanted number of jobs has just been recorded.
    case complete
  }

  /// What is printed of it.
  struct Report: Encodable {
    var figure: Figure
    /// When each job's handler was called, by the job's own number.
    var entries: [String: Int64]?
  }

  private struct Sums {
    var recorded = 0
    var firstLease: Int64?
    var lastEnd: Int64 = 0
    var entries: [Int: Int64]?
  }

  /// Ends when the worker has stopped.
  let news: AsyncStream<News>
  private let sink: AsyncStream<News>.Continuation
  private let wanted: Int?
  private let sums: MutexBox<Sums>

  /// Creates an empty tally.
  /// - Parameters:
  ///   - wanted: how many jobs are to be recorded; nil for all existing ones.
  ///   - withEntries: whether to keep the time of each handler's call.
  init(until wanted: Int?, withEntries: Bool) {
    self.wanted = wanted
    (news, sink) = AsyncStream.makeStream(of: News.self)
    sums = MutexBox(Sums(entries: withEntries ? [:] : nil))
  }

  /// What is printed of it.
  var report: Report {
    sums.withLock { sums in
      Report(
        figure: Figure(count: sums.recorded, from: sums.firstLease ?? 0, to: sums.lastEnd),
        entries: sums.entries.map { Dictionary(uniqueKeysWithValues: $0.map { ("\($0)", $1) }) })
    }
  }

  func started() { sink.yield(.started) }

  func stopped() { sink.finish() }

  func leased() {
    let now = Stopwatch.now()
    sums.withLock { $0.firstLease = min($0.firstLease ?? now, now) }
  }

  func entered(_ number: Int) {
    let now = Stopwatch.now()
    sums.withLock { $0.entries?[number] = now }
  }

  func recorded() {
    let now = Stopwatch.now()
    let isComplete = sums.withLock { sums in
      // Jobs that were running when the last wanted job ended are not counted.
      if let wanted, sums.recorded == wanted { return false }
      sums.recorded += 1
      sums.lastEnd = max(sums.lastEnd, now)
      return sums.recorded == wanted
    }
    if isComplete { sink.yield(.complete) }
  }
}
