import JobQueue
import SQLiteJobStore

/// `enqueue FILE acknowledged=PATH [count=N] [batch=N] [pause=MS] [job=MS] [stubborn=yes]`: enqueues jobs and writes
/// the number of each down once the store has acknowledged it; without a count until it is killed.
struct EnqueueTrial {
  private let arguments: TrialArguments
  private let clock: any QueueClock

  init(_ arguments: TrialArguments) throws {
    self.arguments = arguments
    clock = try arguments.clock()
  }

  func run() async throws {
    let acknowledged = try LineFile(path: try arguments.text("acknowledged"))
    let pause = try arguments.milliseconds("pause", or: 0)
    let batch = try arguments.number("batch", or: 1)
    let job = try Tally(milliseconds: try arguments.number("job", or: 0)).newJob()
    let store = try await SQLiteJobStore.open(at: arguments.database)
    var left = try arguments.number("count", or: .max)
    while left > 0 {
      let jobs = Array(repeating: job, count: min(batch, left))
      do {
        for receipt in try await store.enqueue(jobs, at: clock.now()) { try acknowledged.add("\(receipt.id)") }
        left -= jobs.count
      } catch let error as JobStoreError {
        guard arguments.isGiven("stubborn") else {
          await store.close()
          throw error
        }
        try LineFile.standardError.add("error[\(error.code.rawValue)]")
      }
      try await clock.sleep(for: pause)
    }
    await store.close()
  }
}
