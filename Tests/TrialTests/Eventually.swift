/// Looks again and again until something holds; gives up after five minutes, which only a hang takes.
func eventually(_ what: String, _ holds: () async throws -> Bool) async throws {
  let clock = ContinuousClock()
  let deadline = clock.now + .seconds(300)
  while try await !holds() {
    guard clock.now < deadline else { throw NeverHeld(what: what) }
    try await clock.sleep(for: .milliseconds(20))
  }
}

struct NeverHeld: Error {
  let what: String
}
