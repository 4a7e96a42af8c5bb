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
    try ConnectionCheck(settings).check(try Self.connections(of: parameters, fields))
    let clock = SystemClock()
    let enqueueOptions = try job.enqueueOptions(now: clock.now())
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

  private static func connections(
    of parameters: some JobParameters, _ fields: [JobField]
  ) throws -> [ConnectionUse] {
    let value = try JSONText.decode([String: JSONValue].self, from: try JSONText.encode(parameters))
    return ConnectionUse.all(of: fields, in: value)
  }
}
