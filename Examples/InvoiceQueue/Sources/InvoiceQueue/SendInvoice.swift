import JobQueue

struct SendInvoice: JobParameters {
  static let kind = "send-invoice"
  static let queue = "billing"
  var number: Int
  /// Enqueued a second time while the first job is unfinished, it is the same job.
  var uniqueKey: String? { "invoice:\(number)" }
}

struct SendInvoiceHandler: JobHandler {
  let mailbox: Mailbox

  func run(_ parameters: SendInvoice, context: JobContext) async throws -> String {
    // An intent is written before the mail is asked for and its result after, so a crash between the two is noticed:
    // the next attempt looks first, and sends only what is not there.
    try await context.effect(
      "send",
      find: { _ in Finding(try mailbox.sent(parameters.number)) },
      perform: { try mailbox.send(parameters.number) }
    ).value
  }
}
