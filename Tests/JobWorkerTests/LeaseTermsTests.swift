import JobQueue
import JobWorker
import Testing

@Suite("Terms of leases")
struct LeaseTermsTests {
  @Test(
    "a longer lease makes heartbeats rarer only as long as a cancel still comes through within ten seconds",
    arguments: [(10, 6, 10.0 / 3), (24, 20, 8), (30, 26, 10), (120, 116, 10), (86_400, 86_396, 10)])
  func heartbeat(span: Int, lease: Int, heartbeat: Double) {
    let terms = LeaseTerms(jobsBackWithin: .seconds(span))
    #expect(terms.duration == .seconds(lease))
    #expect(abs(terms.heartbeat / .seconds(1) - heartbeat) < 0.001)
    #expect(terms.crashLimit == LeaseTerms.standard.crashLimit)
  }
}
