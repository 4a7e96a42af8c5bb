import JobQueue
import JobQueueTestKit
import JobWorker
import Testing

private struct OrderBadge: JobParameters {
  static let kind = "order-badge"
  static let queue = "badges"
  var guest: String
  var uniqueKey: String? { "badge:\(guest)" }
}

private struct OrderBadgeHandler: JobHandler {
  let printer: CountingProvider

  func run(_ parameters: OrderBadge, context: JobContext) async throws -> Int {
    try await context.effect(
      "order",
      find: { _ in Finding(try await printer.find(parameters.guest)) },
      perform: { try await printer.create(parameters.guest) }
    ).value.id
  }
}

@Suite("The handler of docs/embed/testing.md")
struct OrderBadgeTests {
  @Test(
    "orders one badge, wherever its worker dies",
    arguments: [.leased, .beforeIntent, .intentWritten, .effectPerformed, .resultRecorded, .beforeCompletion]
      as [FaultPoint])
  func crash(point: FaultPoint) async throws {
    let clock = VirtualClock()
    let store = InMemoryJobStore()
    let printer = CountingProvider(clock: clock)
    var registry = HandlerRegistry()
    registry.register(OrderBadgeHandler(printer: printer))
    let job = try await JobQueue(store: store, clock: clock).enqueue(OrderBadge(guest: "Ada")).id

    // The first worker dies at the fault point; the next ones run to their end.
    var faults: any FaultInjector = ScriptedFaults(at: point)
    while try await store.jobs(JobQuery(ids: [job])).first?.state != .completed {
      let request = LeaseRequest(owner: WorkerID("worker"), limits: [.init(queue: "badges", count: 1)])
      if let leased = try await store.lease(request, at: clock.now()).first {
        let runner = AttemptRunner(store: store, registry: registry, clock: clock, faults: faults)
        faults = NoFaults()
        do {
          let completion = try #require(try await runner.run(leased))
          _ = try await store.complete([completion], at: clock.now())
        } catch is SimulatedCrash {}
      }
      // Longer than a lease: a lost job is taken back, and one that waits is due.
      clock.advance(by: .seconds(30))
      _ = try await store.reap(gone: [], crashLimit: 3, limit: 10, at: clock.now())
      _ = try await store.promoteDue(at: clock.now(), limit: 10)
    }
    #expect(await printer.count("Ada") == 1)
  }
}
