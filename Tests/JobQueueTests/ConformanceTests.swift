import JobQueueTestKit
import Testing

@Suite("The model keeps the contract of a store")
struct ConformanceTests {
  @Test("every promise", arguments: StoreConformance.cases)
  func promise(_ promise: StoreConformance.Case) async throws {
    try await promise.run(on: InMemoryJobStore())
  }

  @Test("promises have names of their own")
  func names() {
    #expect(Set(StoreConformance.cases.map(\.name)).count == StoreConformance.cases.count)
  }
}
