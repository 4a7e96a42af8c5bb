package import JobQueue
import StreamingJobs

/// Budgets, for a person.
package enum BudgetTable {
  package static func rendered(_ budgets: [BudgetStatus], times: TimeFormat, for terminal: Terminal) -> String {
    var table = Table(
      [
        .init("BUDGET", minimum: 12), .init("USED"), .init("WINDOW"), .init("WAITING", isNumber: true),
        .init("NEXT SLOT"),
      ], note: "NOTE")
    for budget in budgets {
      let isSpent = budget.used >= budget.size
      table.add(
        [
          .init("\(budget.key.account)/\(budget.key.resource)"),
          .init("\(budget.used) of \(budget.size)", isSpent ? .yellow : nil), .init(TimeText.span(budget.window)),
          .init("\(budget.waiting)"),
          .init(budget.nextSlot.map(times.slot) ?? (budget.waiting > 0 ? "now, for the first in line" : "now")),
        ], note: .init(note(budget, times)))
    }
    return table.rendered(for: terminal)
  }

  private static func note(_ budget: BudgetStatus, _ times: TimeFormat) -> String {
    let finish = budget.finish.map { "last in line: \(turn($0, times))" }
    let learned = budget.learned > 0 ? "\(budget.learned) used by others" : nil
    return [finish, learned].compactMap { $0 }.joined(separator: "; ")
  }

  /// One sentence about what a job waits for.
  static func sentence(_ wait: BudgetWait, _ times: TimeFormat) -> String {
    "budget \(wait.key.resource) of \(ProviderGate.words(wait.key.account)): \(wait.used) of \(wait.size) used,"
      + " next slot \(turn(wait.slot, times)), \(ordinal(wait.ahead + 1)) in line"
  }

  /// One sentence about a budget that jobs wait for.
  package static func sentence(_ budget: BudgetStatus, _ times: TimeFormat) -> String {
    let slot = budget.nextSlot.map { times.clock($0) } ?? (budget.waiting > 0 ? "now, for the first in line" : "now")
    let finish = budget.finish.map { ", last in line: \(turn($0, times))" } ?? ""
    return "budget \(budget.key.resource) of \(ProviderGate.words(budget.key.account)): \(budget.used) of"
      + " \(budget.size) used, next slot \(slot), \(budget.waiting) waiting\(finish)"
  }

  private static func turn(_ moment: Timestamp, _ times: TimeFormat) -> String {
    moment > times.now ? times.clock(moment) : "now"
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
    nextSlot = budget.nextSlot.map(TimeText.exact)
    waiting = budget.waiting
    finish = budget.finish.map(TimeText.exact)
  }
}
