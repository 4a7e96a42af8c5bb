import JobQueueTestKit
import Testing

@Suite("The SQLite store keeps the contract of a store")
struct ConformanceTests {
  @Test("every promise", arguments: StoreConformance.cases)
  func promise(_ promise: StoreConformance.Case) async throws {
    try await withStore { store, _ in try await promise.run(on: store) }
  }
}
