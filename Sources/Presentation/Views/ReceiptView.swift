package import JobQueue

/// What became of a job that was enqueued, as `--json` shows it.
package struct ReceiptView: Encodable {
  var id: Int64
  var name: String?
  var state: String
  var alreadyPresent: Bool

  /// - Parameter name: the name that a file of jobs gives it.
  package init(_ receipt: EnqueueReceipt, name: String?) {
    id = receipt.id.rawValue
    self.name = name
    state = receipt.state.rawValue
    alreadyPresent = receipt.alreadyPresent
  }
}
