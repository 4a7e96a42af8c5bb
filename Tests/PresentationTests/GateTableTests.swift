import JobQueue
import Presentation
import Testing

@Suite("The table of gates")
struct GateTableTests {
  private let traits = JobTraits(kind: "work", concurrencyKey: nil)

  private func at(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: seconds * 1000) }

  /// A job meets a gateway's page.
  private func meet(_ gate: inout Gate, _ lease: Lease, at now: Timestamp) -> Outcome {
    let closure = GateClosure(base: .seconds(5), why: "a page", closesAtOnce: true, isByIntermediary: true)
    let counted = CountedFailure(
      failure: Failure(code: "page", message: "a page"), again: .init(at: now + .seconds(1), why: "again"))
    return gate.decide(.suspectsOutage(closure, otherwise: counted), lease: lease, of: traits, at: now)
  }

  @Test("shows for an open gate how many jobs keep failing where others get through")
  func refused() {
    var gate = Gate(key: "engine:fra1")
    let (bad, good) = (
      Lease(job: JobID(1), owner: WorkerID("w"), token: 1), Lease(job: JobID(2), owner: WorkerID("w"), token: 1)
    )
    _ = meet(&gate, bad, at: at(0))
    gate.letProbe()
    gate.probe = good
    _ = gate.getThrough(good, .result, at: at(5))
    // Whether it was only the outage, nobody knows yet.
    #expect(!rendered(gate).contains("alone"))
    _ = meet(&gate, bad, at: at(6))
    #expect(rendered(gate).contains("1 job keeps failing where others get through, and waits alone"))
    _ = gate.getThrough(bad, .result, at: at(7))
    #expect(!rendered(gate).contains("alone"))
  }

  private func rendered(_ gate: Gate) -> String {
    let terminal = Terminal(isTerminal: false, columns: 200) { _ in nil }
    return GateTable.rendered(
      [GateStatus(gate: gate, waiting: 0)], times: TimeFormat(now: at(10), zone: .utc), for: terminal)
  }
}
