import JobQueue
import Presentation
import Settings

/// Tells what became of jobs that were enqueued: numbers are data, everything else is a message.
enum Receipts {
  static func tell(_ receipts: [EnqueueReceipt], names: [String?], in settings: Settings, json: Bool) throws {
    if json {
      return try JSONOutput.print("receipts", zip(receipts, names).map { ReceiptView($0, name: $1) })
    }
    try Output.write(receipts.map { "\($0.id)\n" }.joined())
    let present = receipts.filter(\.alreadyPresent)
    for receipt in present.prefix(5) {
      Output.message("already present as job \(receipt.id) (\(receipt.state.rawValue)); nothing was added")
    }
    if present.count > 5 { Output.message("… and \(present.count - 5) more were already present") }
    let added = receipts.count - present.count
    // The file is named each time: who enqueues into another one than the workers read would wait for nothing.
    let place = "\(added) \(added == 1 ? "job" : "jobs") enqueued in \(PlainText.oneLine(settings.database.value))"
    Output.message(
      Terminal.error.isTerminal ? "\(place); next: rundown worker, or rundown status --watch" : place)
  }
}
