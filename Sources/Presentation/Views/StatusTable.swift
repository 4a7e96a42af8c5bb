package import JobQueue
import Settings

/// The state of the queue for people.
package enum StatusTable {
  private static let states: [JobState] = [
    .ready, .running, .scheduled, .blocked, .held, .completed, .dead, .cancelled,
  ]

  /// - Parameters:
  ///   - path: the queue file's absolute path.
  ///   - workers: the workers of `status`.
  ///   - running: how far running jobs are, a sentence each.
  package static func rendered(
    _ path: String, _ status: QueueStatus, _ workers: WorkerReport, _ gates: [GateStatus], _ budgets: [BudgetStatus],
    running: [String] = [], times: TimeFormat, for terminal: Terminal
  ) -> String {
    let obstacles = obstacles(workers, gates, budgets, times, terminal)
    var table = Table([.init("QUEUE")] + states.map { .init($0.rawValue.uppercased(), isNumber: true) })
    for (queue, counts) in status.counts.sorted(by: { $0.key < $1.key }) {
      table.add([.init(queue)] + states.map { cell(counts[$0.rawValue] ?? 0, $0) })
    }
    table.add([.init("all")] + states.map { cell(status.count($0), $0) })
    var lines = obstacles + (obstacles.isEmpty ? [] : [""]) + [table.rendered(for: terminal), ""]
    if !running.isEmpty { lines += running.map { terminal.paragraph($0) } + [""] }
    lines.append(terminal.paragraph("queue file: \(path)"))
    if let since = status.oldestReady {
      lines.append(terminal.paragraph("the oldest ready job has waited for \(TimeText.span(times.now - since))"))
    }
    if let due = status.nextDue {
      lines.append(terminal.paragraph("the next scheduled job is due at \(times.clock(due)) (\(times.relative(due)))"))
    }
    lines += told(workers, times, terminal)
    for (state, verb) in [(JobState.dead, "dead"), (.held, "held")] where status.count(state) > 0 {
      let count = status.count(state)
      lines.append(
        terminal.paragraph(
          "\(count) \(count == 1 ? "job is" : "jobs are") \(verb): rundown jobs list --state \(verb) --by code"))
    }
    return lines.joined(separator: "\n")
  }

  /// What keeps jobs from running comes first.
  private static func obstacles(
    _ workers: WorkerReport, _ gates: [GateStatus], _ budgets: [BudgetStatus], _ times: TimeFormat, _ terminal: Terminal
  ) -> [String] {
    gates.filter { $0.gate.state != .open }.map { status in
      let waiting = status.waiting >= GateStatus.mostCounted ? "\(status.waiting) or more" : "\(status.waiting)"
      return terminal.paragraph(
        "\(GateTable.sentence(status.gate, times)); \(waiting) waiting\(GateTable.alone(status))", .red)
    }
      + workers.warnings(times).map { terminal.paragraph($0, .red) }
      + budgets.filter { $0.waiting > 0 || $0.nextSlot != nil }.map {
        terminal.paragraph(BudgetTable.sentence($0, times), .yellow)
      }
  }

  private static func told(_ workers: WorkerReport, _ times: TimeFormat, _ terminal: Terminal) -> [String] {
    guard !workers.living.isEmpty || !workers.dead.isEmpty else {
      // If jobs are ready, this is already at the top.
      return workers.unserved.isEmpty ? [terminal.paragraph("no worker is running")] : []
    }
    var table = Table([.init("WORKER", minimum: 16), .init("QUEUES", minimum: 12), .init("SEEN")])
    for worker in workers.living {
      table.add([
        .init(worker.id.rawValue), .init(worker.queues.joined(separator: ", ")), .init(times.relative(worker.seenAt)),
      ])
    }
    for worker in workers.dead {
      table.add([
        .init(worker.id.rawValue), .init(worker.queues.joined(separator: ", ")),
        .init("died, \(times.relative(worker.seenAt))", .red),
      ])
    }
    return ["", table.rendered(for: terminal)]
  }

  private static func cell(_ count: Int, _ state: JobState) -> Table.Cell {
    .init("\(count)", count > 0 ? JobTable.colour(state) : .grey)
  }
}

/// The state of the queue as `--json` shows it.
package struct StatusView: Encodable {
  struct Worker: Encodable {
    var id: String
    var pid: Int32
    var queues: [String]
    var startedAt: String
    var seenAt: String
    /// False if its process is gone, or it has not been heard from for too long.
    var alive: Bool
  }

  struct Unserved: Encodable {
    var queue: String
    var ready: Int
  }

  /// The queue file's absolute path.
  var database: String
  var queues: [String: [String: Int]]
  var oldestReady: String?
  var nextDue: String?
  var workers: [Worker]
  /// Queues with ready jobs that no running worker serves.
  var unserved: [Unserved]
  /// The gates that are not open.
  var gates: [GateView]
  var budgets: [BudgetView]

  package init(
    _ path: String, _ status: QueueStatus, _ report: WorkerReport, _ gates: [GateStatus], _ budgets: [BudgetStatus]
  ) {
    database = path
    self.gates = gates.filter { $0.gate.state != .open }.map { GateView($0) }
    self.budgets = budgets.map { BudgetView($0) }
    queues = status.counts
    oldestReady = status.oldestReady.map(TimeText.exact)
    nextDue = status.nextDue.map(TimeText.exact)
    let dead = Set(report.dead.map(\.id))
    workers = status.workers.map {
      Worker(
        id: $0.id.rawValue, pid: $0.pid, queues: $0.queues, startedAt: TimeText.exact($0.startedAt),
        seenAt: TimeText.exact($0.seenAt), alive: !dead.contains($0.id))
    }
    unserved = report.unserved.map { Unserved(queue: $0.queue, ready: $0.ready) }
  }
}
