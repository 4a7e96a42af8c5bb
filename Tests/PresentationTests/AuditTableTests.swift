import JobQueue
import Presentation
import Testing

@Suite("What operators did, as a table")
struct AuditTableTests {
  @Test("fits 80 columns, whoever did whatever to however many jobs")
  func width() {
    let long = String(repeating: "verylong ", count: 30)
    let entries = [AuditVerb.cancel, .retry, .closeGate, .openGate].map { verb in
      AuditEntry(
        id: 1, at: Timestamp(milliseconds: 1_700_000_000_000), who: long, verb: verb, filter: long, count: 9999)
    }
    let terminal = Terminal(isTerminal: true, columns: 80) { $0 == "TERM" ? "dumb" : nil }
    for line in AuditTable.rendered(entries, times: TimeFormat(now: entries[0].at, zone: .utc), for: terminal).split(
      separator: "\n")
    { #expect(line.count <= 80) }
  }
}
