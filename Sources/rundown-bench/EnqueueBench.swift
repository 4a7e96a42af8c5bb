import ArgumentParser
import JobQueue
import SQLiteJobStore

/// `rundown-bench enqueue`: jobs per second that are on disk.
struct EnqueueBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "enqueue", abstract: "Enqueues jobs.")

  @Option(help: "The queue file.") var database: String
  @Option(help: "How many jobs.") var count: Int
  @Option(help: "How many tasks at once; each waits for its own enqueues.") var tasks = 1
  @Option(help: "How many jobs each call, and with it each commit, brings in.") var perCall = 1

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
    if perCall == 1 {
      let queue = JobQueue(store: store)
      for number in numbers { _ = try await queue.enqueue(NoOp(number: number)) }
      return
    }
    for first in stride(from: numbers.lowerBound, to: numbers.upperBound, by: perCall) {
      let batch = first..<min(first + perCall, numbers.upperBound)
      _ = try await store.enqueue(try batch.map { try NoOp(number: $0).newJob() }, at: SystemClock().now())
    }
  }
}
