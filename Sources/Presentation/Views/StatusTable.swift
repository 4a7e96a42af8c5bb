package import JobQueue
import Settings

/// How the queue stands, for a person.
package enum StatusTable {
  private static let states: [JobState] = [
    .ready, .running, .scheduled, .blocked, .held, .completed, .dead, .cancelled,
  ]

  package static func rendered(
    _ path: String, _ status: QueueStatus, _ gates: [GateStatus], _ budgets: [BudgetStatus], now: Timestamp,
    for terminal: Terminal
  ) -> String {
    // What keeps jobs from running comes first.
    var obstacles = gates.filter { $0.gate.state != .open }.map { status in
      let waiting = status.waiting >= GateStatus.mostCounted ? "\(status.waiting) or more" : "\(status.waiting)"
      return terminal.paint(
        PlainText.oneLine(
          "\(GateTable.sentence(status.gate, now: now)); \(waiting) waiting\(GateTable.alone(status))"), .red)
    }
    obstacles += budgets.filter { $0.waiting > 0 || $0.nextSlot != nil }.map { budget in
      terminal.paint(PlainText.oneLine(BudgetTable.sentence(budget, now: now)), .yellow)
    }
    var table = Table([.init("QUEUE")] + states.map { .init($0.rawValue.uppercased(), isNumber: true) })
    for (queue, counts) in status.counts.sorted(by: { $0.key < $1.key }) {
      table.add([.init(queue)] + states.map { cell(counts[$0.rawValue] ?? 0, $0) })
    }
    table.add([.init("all")] + states.map { cell(status.count($0), $0) })
    var lines = obstacles + (obstacles.isEmpty ? [] : [""]) + [table.rendered(for: terminal), ""]
    lines.append("queue file: \(PlainText.oneLine(path))")
    if let since = status.oldestReady {
      lines.append("the oldest ready job has waited for \(Moments.span(now - since))")
    }
    if let due = status.nextDue { lines.append("the next scheduled job is due \(Moments.relative(due, to: now))") }
    let workers = status.workers.map {
      PlainText.oneLine(
        "  \($0.id)  queues \($0.queues.joined(separator: ", "))  seen \(Moments.relative($0.seenAt, to: now))")
    }
    lines += workers.isEmpty ? ["no worker is known; start one with: rundown worker"] : ["workers:"] + workers
    if status.count(.dead) > 0 { lines.append("some jobs are dead: rundown jobs list --state dead") }
    if status.count(.held) > 0 { lines.append("some jobs are held: rundown jobs list --state held") }
    return lines.joined(separator: "\n")
  }

  private static func cell(_ count: Int, _ state: JobState) -> Table.Cell {
    .init("\(count)", count > 0 ? JobTable.colour(state) : .grey)
  }
}

/// How the queue stands, as `--json` shows it.
package struct StatusView: Encodable {
  struct Worker: Encodable {
    var id: String
    var pid: Int32
    var queues: [String]
    var startedAt: String
    var seenAt: String
  }

  /// The queue file's absolute path.
  var database: String
  var queues: [String: [String: Int]]
  var oldestReady: String?
  var nextDue: String?
  var workers: [Worker]
  /// Those that are not open.
  var gates: [GateView]
  var budgets: [BudgetView]

  package init(_ path: String, _ status: QueueStatus, _ gates: [GateStatus], _ budgets: [BudgetStatus]) {
    database = path
    self.gates = gates.filter { $0.gate.state != .open }.map { GateView($0) }
    self.budgets = budgets.map { BudgetView($0) }
    queues = status.counts
    oldestReady = status.oldestReady.map(Moments.exact)
    nextDue = status.nextDue.map(Moments.exact)
    workers = status.workers.map {
      Worker(
        id: $0.id.rawValue, pid: $0.pid, queues: $0.queues, startedAt: Moments.exact($0.startedAt),
        seenAt: Moments.exact($0.seenAt))
    }
  }
}
