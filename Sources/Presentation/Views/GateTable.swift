package import JobQueue
import StreamingJobs

/// Gates, for a person.
package enum GateTable {
  package static func rendered(_ gates: [GateStatus], times: TimeFormat, for terminal: Terminal) -> String {
    var table = Table(
      [.init("GATE", minimum: 12), .init("STATE"), .init("WAITING", isNumber: true), .init("NEXT PROBE")],
      note: "REASON")
    for status in gates {
      let gate = status.gate
      table.add(
        [
          .init(gate.key), .init(gate.state.rawValue, colour(gate.state)), .init(waiting(status)),
          .init(gate.state == .open ? "" : probe(gate, times)),
        ], note: .init(gate.state == .open ? refused(gate) : reason(gate) + alone(status)))
    }
    return table.rendered(for: terminal)
  }

  /// One sentence about a gate that is not open.
  /// - Parameter job: the job that waits behind it.
  static func sentence(_ gate: Gate, for job: JobID, _ times: TimeFormat) -> String {
    if gate.lastProbe == job, gate.state != .open, gate.until != nil || gate.state == .halfOpen {
      return
        "\(sentence(gate, times)); this job was the last to fail there: the next probe is another job or, if no other "
        + "is waiting, this one again, at growing intervals of up to \(GateClosure.cap.components.seconds) s"
    }
    return sentence(gate, times)
  }

  static func sentence(_ gate: Gate, _ times: TimeFormat) -> String {
    let name = named(gate.key)
    switch gate.state {
    case .open: return "gate \(name) is open"
    case .halfOpen: return "gate \(name) is half-open: one job is testing whether the others would get through"
    case .closed:
      let who = gate.closedManually ? "was closed by an operator" : "is closed"
      let next = gate.until == nil ? "" : ", next probe \(probe(gate, times))"
      return "gate \(name) \(who)\(next): \(gate.reason)"
    }
  }

  /// One sentence about jobs that wait behind a gate.
  package static func waiting(_ count: Int, behind gate: Gate, _ times: TimeFormat) -> String {
    "\(sentence(gate, times)); \(count) \(count == 1 ? "job waits" : "jobs wait") behind it"
  }

  /// `engine:fra1`, or `wowza-video:main (Wowza Video account main)` if the words add something to the key.
  private static func named(_ key: String) -> String {
    let words = ProviderGate.words(key)
    return words == key || words == key.replacing(":", with: " ", maxReplacements: 1) ? key : "\(key) (\(words))"
  }

  private static func probe(_ gate: Gate, _ times: TimeFormat) -> String {
    if gate.state == .halfOpen { return "now" }
    guard let until = gate.until else { return "when it is opened" }
    return "\(times.clock(until)) (\(times.relative(until)))"
  }

  private static func reason(_ gate: Gate) -> String {
    (gate.closedManually ? "by an operator: " : "") + gate.reason
  }

  /// For a gate behind which a single job waits, the one that last met the outage: says that this job is every probe.
  /// Empty for all other gates.
  static func alone(_ status: GateStatus) -> String {
    let gate = status.gate
    guard let job = gate.lastProbe, status.waiting == 1, gate.state != .open, !gate.closedManually else { return "" }
    return "; job \(job) is the only one there, so every probe is this job, at growing intervals of up to "
      + "\(GateClosure.cap.components.seconds) s"
  }

  /// For an open gate: how many jobs keep failing where others get through. Empty if there are none.
  private static func refused(_ gate: Gate) -> String {
    let count = gate.series.selective.doubted.count { $0.meetings > 0 }
    guard count > 0 else { return "" }
    return count == 1
      ? "1 job keeps failing where others get through, and waits alone"
      : "\(count) jobs keep failing where others get through, and wait alone"
  }

  private static func waiting(_ status: GateStatus) -> String {
    status.waiting >= GateStatus.mostCounted ? "\(GateStatus.mostCounted)+" : "\(status.waiting)"
  }

  private static func colour(_ state: Gate.State) -> Colour {
    switch state {
    case .open: .green
    case .halfOpen: .yellow
    case .closed: .red
    }
  }
}

/// A gate as `--json` shows it.
package struct GateView: Encodable {
  var key: String
  var state: String
  var waiting: Int
  var closedAt: String?
  var until: String?
  var reason: String
  var byPerson: Bool
  var closures: Int
  var probe: Int64?
  var lastProbe: Int64?

  package init(_ status: GateStatus) {
    key = status.gate.key
    state = status.gate.state.rawValue
    waiting = status.waiting
    closedAt = status.gate.closedAt.map(TimeText.exact)
    until = status.gate.until.map(TimeText.exact)
    reason = status.gate.reason
    byPerson = status.gate.closedManually
    closures = status.gate.closures
    probe = status.gate.probe?.job.rawValue
    lastProbe = status.gate.lastProbe?.rawValue
  }
}
