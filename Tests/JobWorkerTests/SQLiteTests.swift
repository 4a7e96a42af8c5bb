import JobQueue
import JobQueueTestKit
import JobWorker
import SQLiteJobStore
import Testing

@Suite("Workers on a real file", .timeLimit(.minutes(20)))
struct SQLiteTests {
  @Test("two workers share a file: every job runs once, retried ones twice, and both end when nothing is left")
  func twoWorkers() async throws {
    let directory = try TemporaryDirectory()
    let stores = [
      try await SQLiteJobStore.open(at: directory.database), try await SQLiteJobStore.open(at: directory.database),
    ]
    let ids = try await stores[0].enqueue(
      Array(repeating: try Work().newJob(), count: 40), at: SystemClock().now()
    ).map(\.id)

    var registry = HandlerRegistry()
    registry.register(
      Doing<Work>(
        body: { _, context in
          try await context.checkpoint("seen", context.lease.token)
          if context.job.id.rawValue.isMultiple(of: 10), context.lease.token == 1 { throw Mishap() }
          return "good"
        },
        meaning: { _ in .retry(Failure(code: "mishap", message: "once"), requested: .milliseconds(10)) }))
    var configuration = WorkerConfiguration(queues: ["work": 4])
    configuration.exit = .whenIdle(waitForScheduled: true)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for store in stores {
        let worker = Worker(store: store, registry: registry, configuration: configuration, logger: Given().logger)
        group.addTask { try await worker.run() }
      }
      try await group.waitForAll()
    }

    for id in ids {
      let outcomes = try await stores[1].attempts(of: id).map(\.outcome)
      #expect(outcomes == (id.rawValue.isMultiple(of: 10) ? [.failed, .completed] : [.completed]))
    }
    #expect(try await stores[1].status().count(.completed) == 40)
    #expect(try await stores[1].status().workers.isEmpty)
    for store in stores { await store.close() }
  }
}
