import JobQueue
import SQLiteJobStore

/// `enqueue FILE acknowledged=PATH [count=N] [batch=N] [pause=MS] [job=MS] [stubborn=yes] [orders=yes]`: enqueues jobs and writes
/// the number of each down once the store has acknowledged it; without a count until it is killed. With orders each job comes with a row of a table of
/// the application's, in one transaction.
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
        for receipt in try await enqueue(jobs, into: store) { try acknowledged.add("\(receipt.id)") }
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

  private func enqueue(_ jobs: [NewJob], into store: SQLiteJobStore) async throws -> [EnqueueReceipt] {
    guard arguments.isGiven("orders") else { return try await store.enqueue(jobs, at: clock.now()) }
    return try await store.transaction(at: clock.now()) { transaction in
      try transaction.execute("CREATE TABLE IF NOT EXISTS app_order (job INTEGER PRIMARY KEY)")
      let receipts = try transaction.enqueue(jobs)
      for receipt in receipts {
        try transaction.execute("INSERT INTO app_order VALUES (?1)", .integer(receipt.id.rawValue))
      }
      return receipts
    }
  }
}
