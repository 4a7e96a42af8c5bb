import JobQueue
import Manifests
import Presentation
import Settings
import StreamingJobs

/// Enqueues one job described by options.
struct EnqueueOne {
  let options: GlobalOptions
  let job: JobOptions

  /// - Parameters:
  ///   - read: the values of the options; what is wrong with them is reported with everything else.
  ///   - fields: the fields of the kind.
  func run<Parameters: JobParameters>(_ read: FlagReading<Parameters>, _ fields: [JobField]) async throws {
    let clock = SystemClock()
    let (enqueueOptions, wrong) = job.reading(now: clock.now())
    var findings = EnqueueFindings()
    findings.add(read.diagnostics + wrong)
    let known = try findings.settings(options)
    findings.look(at: ConnectionUse.all(of: fields, in: read.values), FileUse.all(of: fields, in: read.values), known)
    let jobs = try read.parameters.map { [try $0.newJob(enqueueOptions)] } ?? []
    try findings.look(at: jobs)
    let waiting = NewJob(kind: Parameters.kind, parents: enqueueOptions.parents)
    await findings.look(atParentsOf: [waiting], known, isCheck: job.check, flag: "--after")
    try findings.report()
    guard let settings = known, let parameters = read.parameters else { return }
    if job.check { return try EnqueueCheck.print(1, warnings: findings.warnings, json: options.json) }
    try await Queue.with(settings, mustExist: false) { store in
      // Printed before the file is closed: the job is on disk, and closing takes longer than enqueuing it.
      let receipt = try await enqueue(parameters, enqueueOptions, in: JobQueue(store: store, clock: clock))
      let others =
        receipt.alreadyPresent
        ? try await PresentJobs.differences([parameters.newJob(enqueueOptions)], [receipt], in: store) : [:]
      try Receipts.print([receipt], names: [nil], others: others, in: settings, json: options.json)
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
