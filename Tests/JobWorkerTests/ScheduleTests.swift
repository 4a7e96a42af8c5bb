import Testing

@Suite("Schedules")
struct ScheduleTests {
  @Test("bring every planned instant to its time, where nothing goes wrong")
  func calm() async throws {
    let problems = try await ScheduleTrial(seed: 1, isCalm: true).run()
    #expect(problems == [])
  }

  @Test(
    "account for every planned instant once, whatever crashes, whoever looks, and wherever the clock is put",
    arguments: UInt64(1)...UInt64(30))
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
