import JobQueue
import JobWorker
import Logging
import SQLiteJobStore

let store = try await SQLiteJobStore.open(at: "jobs.db")
let queue = JobQueue(store: store)

// On disk when it returns. Any process that opens the file may enqueue.
let receipt = try await queue.enqueue(SendInvoice(number: 4711))
// A thousand to a commit.
let receipts = try await queue.enqueue(contentsOf: (4712...5000).map { SendInvoice(number: $0) })
print("enqueued job \(receipt.id) and \(receipts.count) more")

let mailbox = try Mailbox(folder: "outbox")
var registry = HandlerRegistry()
registry.register(SendInvoiceHandler(mailbox: mailbox))

var configuration = WorkerConfiguration(queues: ["billing": 4])
// Without this line it serves until it is asked to stop: a worker is a Service of swift-service-lifecycle.
configuration.exit = .whenIdle(waitForScheduled: true)
let worker = Worker(
  store: store, registry: registry, configuration: configuration, logger: Logger(label: "invoices"))
try await worker.run()
await store.close()
print("sent \(try mailbox.count) invoices")
