import ArgumentParser
import JobQueue
import SQLiteJobStore

/// `rundown-bench enqueue`: jobs per second that are stored on disk.
struct EnqueueBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "enqueue", abstract: "Enqueues jobs.")

  @Option(help: "The queue file.") var database: String
  @Option(help: "How many jobs.") var count: Int
  @Option(help: "How many tasks at once; each waits for its own enqueues.") var tasks = 1
  @Flag(help: "All jobs of a task by one call.") var bulk = false

  func run() async throws {
    let store = try await SQLiteJobStore.open(at: database)
    let start = Stopwatch.now()
    try await withThrowingTaskGroup { group in
      for task in 0..<tasks {
        let numbers = (count * task / tasks)..<(count * (task + 1) / tasks)
        group.addTask { try await enqueue(numbers, into: store) }
      }
      try await group.waitForAll()
    }
    try Figure.show(Figure(count: count, from: start, to: Stopwatch.now()))
    await store.close()
  }

  private func enqueue(_ numbers: Range<Int>, into store: SQLiteJobStore) async throws {
    let queue = JobQueue(store: store)
    if bulk {
      let receipts = try await queue.enqueue(contentsOf: numbers.map { NoOp(number: $0) })
      guard receipts.count == numbers.count else { throw ExitCode.failure }
    } else {
      for number in numbers { _ = try await queue.enqueue(NoOp(number: number)) }
    }
  }
}
