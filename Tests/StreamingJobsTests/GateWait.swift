import JobQueue
import Testing

extension JobStore {
  /// Expects that a job waits behind its gate, which is closed for this long and tells why, and that nothing is counted.
  func expectBehindGate(
    _ id: JobID, for wait: Duration, at now: Timestamp, saying words: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let job = try #require(try await jobs(JobQuery(ids: [id])).first, sourceLocation: sourceLocation)
    #expect(job.state == .ready && job.failures == 0, sourceLocation: sourceLocation)
    let gate = try #require(
      try await gates().map(\.gate).first { $0.key == job.gate }, sourceLocation: sourceLocation)
    #expect(gate.state == .closed && gate.until == now + wait, sourceLocation: sourceLocation)
    #expect(gate.reason.contains(words), sourceLocation: sourceLocation)
  }
}
