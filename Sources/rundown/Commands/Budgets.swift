import ArgumentParser
import JobQueue
import Presentation

/// `rundown budgets`.
struct Budgets: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look at what provider accounts let us make within a time.", subcommands: [BudgetsList.self],
    defaultSubcommand: BudgetsList.self)
}

/// `rundown budgets list`.
struct BudgetsList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List budgets: what is used, when the next slot comes, who waits, when all are through.",
    discussion: """
      EXAMPLE:
        rundown budgets list

      Sizes and windows come from the configuration of the worker that started or
      asked last.
      """)

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let now = SystemClock().now()
    let budgets = try await Queue.with(options) { try await $0.budgets(at: now) }
    if options.json { return try JSONOutput.print("budgets", budgets.map { BudgetView($0) }) }
    guard !budgets.isEmpty else { return Output.message("no job has asked for a budget yet") }
    try Output.painted(BudgetTable.rendered(budgets, times: options.times(now), for: .output))
  }
}
