import JobQueue
import JobQueueTestKit
import Testing
import Wire

@Suite("Schedules")
struct ScheduleTests {
  @Test("bring every planned instant to its time, where nothing goes wrong")
  func calm() async throws { try await ScheduleTrial(seed: 1, isCalm: true).run() }

  @Test(
    "account for every planned instant once, whatever crashes, whoever looks, and wherever the clock is put",
    arguments: UInt64(1)...UInt64(40))
  func storm(seed: UInt64) async throws { try await ScheduleTrial(seed: seed).run() }
}
