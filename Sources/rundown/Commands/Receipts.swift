import JobQueue
import Presentation
import Settings

/// Prints what became of jobs that were enqueued: numbers are data, everything else is a message.
enum Receipts {
  /// - Parameters:
  ///   - others: for jobs that were already present, the parameters that differ from those given now.
  ///   - batch: the batch that they are.
  static func print(
    _ receipts: [EnqueueReceipt], names: [String?], others: [JobID: [String]] = [:], batch: String? = nil,
    in settings: Settings, json: Bool
  ) throws {
    if json {
      let views = zip(receipts, names).map { ReceiptView($0, name: $1) }
      return try JSONOutput.print("receipts", views, beside: ["batch": batch])
    }
    try Output.write(receipts.map { "\($0.id)\n" }.joined())
    let sentences = ReceiptSentences(receipts, others: others, in: settings.database.value)
    for sentence in sentences.present { Output.sentence(sentence) }
    let next = Terminal.error.isTerminal ? "; next: rundown worker, or rundown status --watch" : ""
    Output.sentence(sentences.added + next)
  }
}
