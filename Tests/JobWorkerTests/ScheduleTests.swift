import Glibc
import Testing

@Suite("Schedules")
struct ScheduleTests {
  private static let isExhaustive = getenv("RUNDOWN_EXHAUSTIVE").map { String(cString: $0) } == "1"
  private static let seeds = UInt64(1)...UInt64(isExhaustive ? 60 : 8)

  @Test("bring every planned instant to its time, where nothing goes wrong")
  func calm() async throws {
    let problems = try await ScheduleTrial(seed: 1, isCalm: true).run()
    #expect(problems == [])
  }

  @Test(
    "account for every planned instant once, whatever crashes, whoever looks, and wherever the clock is put",
    arguments: seeds)
  func storm(seed: UInt64) async throws {
    let problems = try await ScheduleTrial(seed: seed).run()
    #expect(problems == [])
  }

  @Test("a defect that is planted in what a scheduler enqueues is found", arguments: ScheduleTrial.Defect.allCases)
  func defects(defect: ScheduleTrial.Defect) async throws {
    let problems = try await ScheduleTrial(seed: 7, defect: defect).run()
    #expect(!problems.isEmpty)
  }
}
