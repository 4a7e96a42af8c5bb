package import JobQueue
import StreamingJobs

/// Budgets, for a person.
package enum BudgetTable {
  package static func rendered(_ budgets: [BudgetStatus], now: Timestamp, for terminal: Terminal) -> String {
    var table = Table([
      .init("BUDGET"), .init("USED"), .init("WINDOW"), .init("NEXT SLOT"), .init("WAITING", isNumber: true),
      .init("FINISH"), .init("", minimum: 12),
    ])
    for budget in budgets {
      let isSpent = budget.used >= budget.size
      table.add([
        .init("\(budget.key.account)/\(budget.key.resource)"),
        .init("\(budget.used) of \(budget.size)", isSpent ? .yellow : nil), .init(Moments.span(budget.window)),
        .init(budget.nextSlot.map { moment($0, now) } ?? (budget.waiting > 0 ? "now, the first in line" : "now")),
        .init("\(budget.waiting)"),
        .init(budget.finish.map { moment($0, now) } ?? ""),
        .init(budget.learned > 0 ? "\(budget.learned) taken by others" : ""),
      ])
    }
    return table.rendered(for: terminal)
  }

  /// One sentence on what a job waits for.
  static func sentence(_ wait: BudgetWait, now: Timestamp) -> String {
    "budget \(wait.key.resource) of \(ProviderGate.words(wait.key.account)): \(wait.used) of \(wait.size) used,"
      + " next slot \(clock(wait.slot, now)), \(ordinal(wait.ahead + 1)) in line"
  }

  /// One sentence on a budget that jobs wait for.
  static func sentence(_ budget: BudgetStatus, now: Timestamp) -> String {
    let slot = budget.nextSlot.map { Moments.clock($0, from: now) } ?? "now, for the first in line"
    let finish = budget.finish.map { ", the last one's turn \(clock($0, now))" } ?? ""
    return "budget \(budget.key.resource) of \(ProviderGate.words(budget.key.account)): \(budget.used) of"
      + " \(budget.size) used, next slot \(slot), \(budget.waiting) waiting\(finish)"
  }

  private static func clock(_ moment: Timestamp, _ now: Timestamp) -> String {
    moment > now ? Moments.clock(moment, from: now) : "now"
  }

  private static func ordinal(_ number: Int) -> String {
    let suffix =
      switch (number % 10, number % 100) {
      case (_, 11...13): "th"
      case (1, _): "st"
      case (2, _): "nd"
      case (3, _): "rd"
      default: "th"
      }
    return "\(number)\(suffix)"
  }

  private static func moment(_ moment: Timestamp, _ now: Timestamp) -> String {
    "\(Moments.clock(moment, from: now)) (\(Moments.relative(moment, to: now)))"
  }
}

/// A budget as `--json` shows it.
package struct BudgetView: Encodable {
  var account: String
  var resource: String
  var size: Int
  var windowSeconds: Double
  var used: Int
  var learned: Int
  var nextSlot: String?
  var waiting: Int
  var finish: String?

  package init(_ budget: BudgetStatus) {
    account = budget.key.account
    resource = budget.key.resource
    size = budget.size
    windowSeconds = Double(budget.window.wholeMilliseconds) / 1000
    used = budget.used
    learned = budget.learned
    nextSlot = budget.nextSlot.map(Moments.exact)
    waiting = budget.waiting
    finish = budget.finish.map(Moments.exact)
  }
}
