import JobQueue
import Manifests
import Settings
import StreamingJobs

/// Enqueues one job that was described by flags.
struct EnqueueOne {
  let options: GlobalOptions
  let job: JobOptions

  /// - Parameters:
  ///   - parameters: found good already, before a queue file is made for nothing.
  ///   - fields: what the kind says of them.
  func run(_ parameters: some JobParameters, _ fields: [JobField]) async throws {
    let settings = try ProcessContext.settings(options)
    let value = try JSONText.decode([String: JSONValue].self, from: try JSONText.encode(parameters))
    try ConnectionCheck(settings).check(ConnectionUse.all(of: fields, in: value))
    let clock = SystemClock()
    let now = clock.now()
    let enqueueOptions = try job.enqueueOptions(now: now)
    let warnings = job.warnings(now: now) + FileCheck.warnings(FileUse.all(of: fields, in: value))
    Warnings.tell(warnings)
    if job.check {
      try JobLimits.check([try parameters.newJob(enqueueOptions)])
      return try EnqueueCheck.tell(1, warnings: warnings, json: options.json)
    }
    try await Queue.with(settings, mustExist: false) { store in
      // Told before the file is closed: the jobs are on disk, and closing takes longer than they did.
      let receipt = try await enqueue(parameters, enqueueOptions, in: JobQueue(store: store, clock: clock))
      let others =
        receipt.alreadyPresent
        ? try await PresentJobs.differences([parameters.newJob(enqueueOptions)], [receipt], in: store) : [:]
      try Receipts.tell([receipt], names: [nil], others: others, in: settings, json: options.json)
    }
  }

  private func enqueue(
    _ parameters: some JobParameters, _ options: EnqueueOptions, in queue: JobQueue
  ) async throws -> EnqueueReceipt {
    do {
      return try await queue.enqueue(parameters, options)
    } catch let error as JobStoreError where error.code == .noSuchParent {
      throw CommandError(error).of(flag: "--after")
    }
  }
}
