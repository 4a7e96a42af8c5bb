import ArgumentParser
import JobQueue
import SQLiteJobStore

/// `rundown-bench prune`: how long others wait while finished jobs are removed.
struct PruneBench: AsyncParsableCommand {
  /// What is printed.
  struct Report: Encodable {
    var pruned: Figure
    /// How many jobs another connection enqueued meanwhile.
    var writes: Int
    var longestWriteMilliseconds: Double
  }

  static let configuration = CommandConfiguration(
    commandName: "prune", abstract: "Removes finished jobs while another connection enqueues one after the other.")

  @Option(help: "The queue file.") var database: String
  @Option(help: "How many finished jobs.") var count = 1_000_000
  @Option(help: "How many of them in one commit; a worker takes 200.") var perCall = 200

  func run() async throws {
    let pruning = try await SQLiteJobStore.open(at: database)
    let writing = try await SQLiteJobStore.open(at: database)
    let writer = Task {
      var waits: [Int64] = []
      while !Task.isCancelled {
        let start = Stopwatch.now()
        _ = try await writing.enqueue([try NoOp(number: waits.count).newJob()], at: SystemClock().now())
        waits.append(Stopwatch.now() - start)
      }
      return waits
    }
    let start = Stopwatch.now()
    let pruned = try await prune(pruning)
    let figure = Figure(count: pruned, from: start, to: Stopwatch.now())
    writer.cancel()
    let waits = try await writer.value
    try Figure.show(
      Report(pruned: figure, writes: waits.count, longestWriteMilliseconds: Double(waits.max() ?? 0) / 1e6))
    await pruning.close()
    await writing.close()
  }

  private func prune(_ store: SQLiteJobStore) async throws -> Int {
    let now = SystemClock().now()
    var pruned = 0
    while pruned < count {
      let removed = try await store.prune(finishedBefore: now, limit: min(perCall, count - pruned))
      if removed == 0 { break }
      pruned += removed
    }
    return pruned
  }
}
