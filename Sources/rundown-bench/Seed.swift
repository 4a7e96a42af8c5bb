import ArgumentParser
import JobQueue
import SQLiteJobStore

/// `rundown-bench seed`: fills a file with what a long life would have left in it.
struct Seed: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "seed", abstract: "Fills a queue file by the store's own verbs.")

  @Option(help: "The queue file.") var database: String
  @Option(help: "How many finished jobs, each with its attempt and its result.") var finished = 0
  @Option(help: "How many ready jobs.") var ready = 0

  /// What one call of the store takes.
  static let perCall = 10_000

  func run() async throws {
    let store = try await SQLiteJobStore.open(at: database)
    let start = Stopwatch.now()
    for first in stride(from: 0, to: finished, by: Self.perCall) {
      let count = min(Self.perCall, finished - first)
      try await enqueue(first..<(first + count), into: store)
      try await finish(count, in: store)
    }
    for first in stride(from: 0, to: ready, by: Self.perCall) {
      try await enqueue(first..<min(first + Self.perCall, ready), into: store)
    }
    try Figure.show(Figure(count: finished + ready, from: start, to: Stopwatch.now()))
    await store.close()
  }

  private func enqueue(_ numbers: Range<Int>, into store: SQLiteJobStore) async throws {
    _ = try await store.enqueue(try numbers.map { try NoOp(number: $0).newJob() }, at: SystemClock().now())
  }

  private func finish(_ count: Int, in store: SQLiteJobStore) async throws {
    let request = LeaseRequest(owner: WorkerID("seed"), limits: [.init(queue: NoOp.queue, count: count)])
    let leased = try await store.lease(request, at: SystemClock().now())
    let ends = try leased.map { job in
      let done = NoOpHandler.Done(number: Int(job.job.id.rawValue))
      return Completion(lease: job.lease, outcome: .done(output: try JSONText.encode(done)))
    }
    _ = try await store.complete(ends, at: SystemClock().now())
  }
}
