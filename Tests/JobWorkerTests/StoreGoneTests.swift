import JobQueue
import JobQueueTestKit
import Testing

@testable import JobWorker

@Suite("A store that is gone for good", .timeLimit(.minutes(20)))
struct StoreGoneTests {
  private static let replaced = JobStoreError(
    code: .replaced, operation: "test", target: "store", cause: "another file lies there")

  @Test("ends an idle worker with the store's error, without any waiting")
  func idle() async throws {
    let given = Given()
    await given.tap.put { call in
      if case .lease = call { throw Self.replaced }
    }
    let error = await #expect(throws: JobStoreError.self) { try await given.idle(given.startWorker()) }
    #expect(error?.code == .replaced)
    #expect(await given.log.count { $0 == .storeFailed } == 0)
  }

  @Test("tells running jobs to stop and records nothing of them")
  func running() async throws {
    var given = Given()
    given.work { context in
      try await context.clock.sleep(for: .seconds(3600))
      return "never"
    }
    await given.tap.put { call in
      if case .extend = call { throw Self.replaced }
    }
    let id = try await given.enqueueWork()[0]
    let worker = given.startWorker()
    await given.log.wait(\.isLeased)
    await given.advance(to: given.at(10), sleepers: 2)
    await #expect(throws: JobStoreError.self) { try await given.idle(worker) }
    await given.log.wait(\.isDropped)
    #expect(try await given.job(id)?.state == .running)
    #expect(await given.tap.completions.isEmpty)
  }
}
