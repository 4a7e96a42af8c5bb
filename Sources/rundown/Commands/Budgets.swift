import ArgumentParser
import JobQueue
import Presentation

/// `rundown budgets`.
struct Budgets: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show how much provider accounts allow to create within a time window.", subcommands: [BudgetsList.self],
    defaultSubcommand: BudgetsList.self)
}

/// `rundown budgets list`.
struct BudgetsList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List budgets: how much is used, the next free slot, how many jobs wait and until when.",
    discussion: """
      EXAMPLE:
        rundown budgets list

      Sizes and windows come from the configuration of the worker that last started
      or used the budget.
      """)

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let now = SystemClock().now()
    let budgets = try await Queue.with(options) { try await $0.budgets(at: now) }
    if options.json { return try JSONOutput.print("budgets", budgets.map { BudgetView($0) }) }
    guard !budgets.isEmpty else { return Output.message("no job has needed a budget yet") }
    try Output.painted(BudgetTable.rendered(budgets, times: options.times(now), for: .output))
  }
}
