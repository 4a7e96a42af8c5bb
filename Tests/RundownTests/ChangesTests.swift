import JobQueue
import JobQueueTestKit
import Testing

@testable import rundown

@Suite("Waiting for changes of a store", .timeLimit(.minutes(20)))
struct ChangesTests {
  private let clock = VirtualClock()
  private let store = InMemoryJobStore()

  private func enqueueSomething() async throws {
    let job = NewJob(kind: "trial", queue: "work")
    _ = try await JobQueue(store: store, clock: clock).enqueue([job])
  }

  /// Waits for a change, at most 5 s, while time passes in short steps whenever so many tasks sleep.
  private func next(_ changes: inout Changes, sleepers: Int = 1) async throws -> Bool {
    let time = Task { [clock] in
      while !Task.isCancelled {
        if clock.sleepers >= sleepers { clock.advance(by: .milliseconds(100)) }
        await Task.yield()
      }
    }
    defer { time.cancel() }
    return try await changes.next(atMost: .seconds(5))
  }

  @Test("goes on after each quiet span, however many there are, and takes the whole span for each")
  func quietSpans() async throws {
    var changes = Changes(store: store, clock: clock)
    for _ in 1...3 { #expect(try await next(&changes)) }
    #expect(clock.passed == .seconds(15))
  }

  @Test("hears a change that comes after a quiet span")
  func changeAfterQuiet() async throws {
    var changes = Changes(store: store, clock: clock)
    #expect(try await next(&changes))
    try await enqueueSomething()
    // One sleeper for the span, and one for the pause in which a burst is gathered.
    #expect(try await next(&changes, sleepers: 2))
    #expect(clock.passed == .milliseconds(5100))
  }
}
