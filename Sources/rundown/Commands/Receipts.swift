import JobQueue
import Presentation
import Settings

/// Tells what became of jobs that were enqueued: numbers are data, everything else is a message.
enum Receipts {
  /// - Parameter others: of jobs that were present the parameters that differ from what was asked now.
  static func tell(
    _ receipts: [EnqueueReceipt], names: [String?], others: [JobID: [String]] = [:], in settings: Settings, json: Bool
  ) throws {
    if json {
      return try JSONOutput.print("receipts", zip(receipts, names).map { ReceiptView($0, name: $1) })
    }
    try Output.write(receipts.map { "\($0.id)\n" }.joined())
    let present = receipts.filter(\.alreadyPresent)
    // What is there and is not what was asked for comes first.
    let differing = present.filter { others[$0.id] != nil }
    for receipt in differing.prefix(5) {
      Output.message(
        "already present as job \(receipt.id) (\(receipt.state.rawValue)), with another"
          + " \((others[receipt.id] ?? []).joined(separator: ", ")); nothing was added."
          + " To have it as written now, cancel job \(receipt.id) and enqueue it again")
    }
    if differing.count > 5 { Output.message("… and \(differing.count - 5) more are present with other parameters") }
    let alike = present.filter { others[$0.id] == nil }
    for receipt in alike.prefix(5) {
      Output.message("already present as job \(receipt.id) (\(receipt.state.rawValue)); nothing was added")
    }
    if alike.count > 5 {
      Output.message("… and \(alike.count - 5) more \(alike.count == 6 ? "was" : "were") already present")
    }
    let added = receipts.count - present.count
    // The file is named each time: who enqueues into another one than the workers read would wait for nothing.
    let place = "\(added) \(added == 1 ? "job" : "jobs") enqueued in \(PlainText.oneLine(settings.database.value))"
    Output.message(
      Terminal.error.isTerminal ? "\(place); next: rundown worker, or rundown status --watch" : place)
  }
}
