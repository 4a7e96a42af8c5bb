import ArgumentParser
import JobQueue
import SQLiteJobStore

/// `rundown-bench pickup`: enqueues one job at a time for a worker in another process and reports when each was on
/// disk.
struct PickupBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pickup", abstract: "Enqueues jobs with pauses; prints when each enqueue had returned.")

  @Option(help: "The queue file.") var database: String
  @Option(help: "How many jobs.") var count = 500
  @Option(help: "Milliseconds between two enqueues.") var pause = 20

  func run() async throws {
    let store = try await SQLiteJobStore.open(at: database)
    let queue = JobQueue(store: store)
    var acknowledged: [String: Int64] = [:]
    for number in 0..<count {
      _ = try await queue.enqueue(NoOp(number: number))
      acknowledged["\(number)"] = Stopwatch.now()
      try await Task.sleep(for: .milliseconds(pause))
    }
    try Figure.show(acknowledged)
    await store.close()
  }
}
