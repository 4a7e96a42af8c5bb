package import JobQueue

/// What became of jobs that were enqueued, in sentences.
package struct ReceiptSentences {
  /// Jobs that were already present; those with different parameters come first.
  package let present: [String]
  /// How many jobs were enqueued, and where: someone who enqueues into a file that no worker reads would wait in vain.
  package let added: String

  private static let mostNamed = 5

  /// - Parameters:
  ///   - others: for jobs that were already present, the parameters that differ from those given now.
  ///   - path: the queue file.
  package init(_ receipts: [EnqueueReceipt], others: [JobID: [String]], in path: String) {
    let there = receipts.filter(\.alreadyPresent)
    let (differing, alike) = (there.filter { others[$0.id] != nil }, there.filter { others[$0.id] == nil })
    var present = differing.prefix(Self.mostNamed).map { receipt in
      let fields = others[receipt.id] ?? []
      return "already present as job \(receipt.id) (\(receipt.state.rawValue)), with"
        + " \(fields.count == 1 ? "a different" : "different") \(fields.joined(separator: ", ")); nothing was added."
        + " To apply the new values, cancel job \(receipt.id) and enqueue it again"
    }
    if case let more = differing.count - Self.mostNamed, more > 0 {
      present.append("… and \(more) more are already present with different parameters")
    }
    present += alike.prefix(Self.mostNamed).map {
      "already present as job \($0.id) (\($0.state.rawValue)); nothing was added"
    }
    if case let more = alike.count - Self.mostNamed, more > 0 {
      present.append("… and \(more) more \(more == 1 ? "was" : "were") already present")
    }
    self.present = present
    let count = receipts.count - there.count
    added = "\(count) \(count == 1 ? "job" : "jobs") enqueued in \(path)"
  }
}

/// What became of a job that was enqueued, as `--json` shows it.
package struct ReceiptView: Encodable {
  var id: Int64
  var name: String?
  var state: String
  var alreadyPresent: Bool

  /// - Parameter name: its name in a file of jobs.
  package init(_ receipt: EnqueueReceipt, name: String?) {
    id = receipt.id.rawValue
    self.name = name
    state = receipt.state.rawValue
    alreadyPresent = receipt.alreadyPresent
  }
}
