import JobQueue
import Testing

@Suite("The end of an attempt")
struct AttemptEndTests {
  static let lease = Lease(job: JobID(1), owner: WorkerID("w"), token: 1)
  static let failure = Failure(code: "broken", message: "it broke")
  static let closure = GateClosure(base: .seconds(5), requested: nil, why: "nobody answers")
  static let suspicion = Outcome.suspectsOutage(
    closure, otherwise: CountedFailure(failure: failure, again: .init(at: at(9), why: "again")))
  static let now = at(5)

  static func at(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: seconds * 1000) }

  static let all: [Outcome] = [
    .done(output: "1"), .retry(at: at(9), failure, why: "again"), .snooze(until: at(9), why: "later"),
    .closeGate(closure), suspicion, .hold(why: "wait"), .dead(failure), .cancelled(why: "the worker's word"),
    .handBack(why: "shutdown"),
  ]

  private func end(
    _ outcome: Outcome, hasGate: Bool = false, cancel: CancelRequest? = nil, isAnswered: Bool = false
  ) -> AttemptEnd {
    let completion = Completion(lease: Self.lease, outcome: outcome, isAnswered: isAnswered)
    return AttemptEnd(completion, hasGate: hasGate, cancel: cancel)
  }

  @Test("what would run again is cancelled when an operator asked for it, for the operator's reason", arguments: all)
  func cancelled(outcome: Outcome) {
    let end = end(outcome, hasGate: true, cancel: CancelRequest(reason: "wrong venue"))
    switch outcome {
    case .done, .dead: #expect(end.outcome == outcome)
    default:
      #expect(end.outcome == .cancelled(why: "wrong venue"))
      #expect(end.why == "wrong venue")
      #expect(end.failures == 0)
      #expect(end.failure == nil)
      #expect(end.nextRun == nil)
      #expect(end.gateReport == .nothing)
    }
  }

  @Test("an operator who gives no reason leaves the worker's word", arguments: [nil, ""])
  func unexplained(reason: String?) {
    let cancel = CancelRequest(reason: reason)
    #expect(end(.cancelled(why: "the worker's word"), cancel: cancel).why == "the worker's word")
    #expect(end(.handBack(why: "shutdown"), cancel: cancel).why == CancelRequest.unexplained)
  }

  @Test("state, failure, moment and sentence are those of the outcome")
  func written() {
    let retry = end(.retry(at: Self.at(9), Self.failure, why: "again"))
    #expect(retry.state(at: Self.now) == .scheduled)
    #expect(retry.word == .failed)
    #expect([retry.nextRun, nil] == [Self.at(9), end(.dead(Self.failure)).nextRun])
    #expect(retry.failure == Self.failure && retry.failures == 1 && retry.why == "again")
    #expect(end(.retry(at: Self.now, Self.failure, why: "again")).state(at: Self.now) == .ready)
    #expect(end(.done(output: "1")).output == "1")
    #expect(end(.done(output: "1")).why == nil)
    #expect(Self.all.map { end($0).failures } == [0, 1, 0, 0, 1, 0, 1, 0, 0])
  }

  @Test("without a gate a suspected outage is the job's own failure")
  func noGate() {
    let end = end(Self.suspicion)
    #expect(end.outcome == .retry(at: Self.at(9), Self.failure, why: "again"))
    #expect(end.gateReport == .nothing)
  }

  @Test("a gate hears of outages and answers, and of nothing else", arguments: all, [true, false])
  func report(outcome: Outcome, isAnswered: Bool) {
    let report = end(outcome, hasGate: true, isAnswered: isAnswered).gateReport
    switch outcome {
    case .done: #expect(report == .answered)
    case .closeGate, .suspectsOutage: #expect(report == .outage)
    default: #expect(report == (isAnswered ? .answered : .nothing))
    }
  }

  @Test("the gate decides whether a suspected outage closes it or is the job's own failure")
  func decided() {
    var gate = Gate(key: "g")
    let traits = JobTraits(kind: "work", concurrencyKey: nil)
    var first = end(Self.suspicion, hasGate: true)
    first.settle(with: &gate, of: traits, at: Self.now)
    #expect(first.word == .failed)
    #expect(gate.state == .open)
    gate.close(until: nil, reason: "maintenance", at: Self.now)
    var second = end(Self.suspicion, hasGate: true)
    second.settle(with: &gate, of: traits, at: Self.now)
    #expect(second.outcome == .closeGate(Self.closure))
    #expect(second.word == .snoozed && second.failures == 0 && second.why == "nobody answers")
  }
}
