package import JobQueue

/// A job as `--json` shows it.
package struct JobView: Encodable {
  var id: Int64
  var kind: String
  var queue: String
  var state: String
  var priority: Int
  var parameters: JSONValue?
  var labels: [String: String]
  var uniqueKey: String?
  var gate: String?
  var concurrencyKey: String?
  var createdAt: String
  var runAt: String
  var updatedAt: String
  var finishedAt: String?
  var attempts: Int64
  var failures: Int
  var maxAttempts: Int
  var crashes: Int
  var leaseOwner: String?
  var waitReason: String?
  var failure: Failure?
  var output: JSONValue?

  package init(_ job: Job) {
    id = job.id.rawValue
    kind = job.kind
    queue = job.queue
    state = job.state.rawValue
    priority = job.priority
    // Stored text that is no longer valid JSON is left out, so that it does not spoil the whole answer.
    parameters = try? JSONText.decode(JSONValue.self, from: job.payload)
    labels = job.labels
    uniqueKey = job.uniqueKey
    gate = job.gate
    concurrencyKey = job.concurrencyKey
    createdAt = TimeText.exact(job.createdAt)
    runAt = TimeText.exact(job.runAt)
    updatedAt = TimeText.exact(job.updatedAt)
    finishedAt = job.finishedAt.map(TimeText.exact)
    attempts = job.token
    failures = job.failures
    maxAttempts = job.maxAttempts
    crashes = job.crashes
    leaseOwner = job.leaseOwner?.rawValue
    waitReason = job.waitReason
    failure = job.lastFailure
    output = job.output.flatMap { try? JSONText.decode(JSONValue.self, from: $0) }
  }
}

/// An attempt as `--json` shows it.
package struct AttemptView: Encodable {
  struct NoteView: Encodable {
    var at: String
    var text: String
  }

  var number: Int64
  var worker: String
  var startedAt: String
  var endedAt: String?
  var outcome: String?
  var failure: Failure?
  var nextRunAt: String?
  var why: String?
  var notes: [NoteView]

  package init(_ attempt: Attempt) {
    number = attempt.number
    worker = attempt.worker.rawValue
    startedAt = TimeText.exact(attempt.startedAt)
    endedAt = attempt.endedAt.map(TimeText.exact)
    outcome = attempt.outcome?.rawValue
    failure = attempt.failure
    nextRunAt = attempt.nextRunAt.map(TimeText.exact)
    why = attempt.why
    notes = attempt.notes.map { NoteView(at: TimeText.exact($0.at), text: $0.text) }
  }
}
