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
  ///   - read: what the flags say; what is wrong with it is told with all else.
  ///   - kind: the job's kind.
  ///   - stopAfter: the time from its planned start to its stop, which is then enqueued with it.
  func run<Parameters: JobParameters>(
    _ read: FlagReading<Parameters>, _ kind: JobKindDescription, stopAfter: String? = nil
  ) async throws {
    let clock = SystemClock()
    let (enqueueOptions, wrong) = job.reading(now: clock.now())
    var findings = EnqueueFindings()
    findings.add(read.diagnostics + wrong)
    let known = try findings.settings(options)
    findings.look(
      at: ConnectionUse.all(of: kind.fields, in: read.values), FileUse.all(of: kind.fields, in: read.values), known)
    let stop = stopAfter.map { PlannedStop($0, start: enqueueOptions, now: clock.now()) }
    findings.add(stop?.diagnostics ?? [])
    var parameters: (any JobParameters)? = read.parameters
    if let stop, parameters != nil { parameters = try kind.make(.object(try stop.values(read.values))) }
    var jobs = try parameters.map { [try $0.newJob(enqueueOptions)] } ?? []
    if let stop, !jobs.isEmpty { jobs += try stop.job(of: read.values) }
    try findings.look(at: jobs)
    let waiting = NewJob(kind: Parameters.kind, parents: enqueueOptions.parents)
    await findings.look(atParentsOf: [waiting], known, isCheck: job.check, flag: "--after")
    try findings.report()
    guard let settings = known, !jobs.isEmpty else { return }
    if job.check { return try EnqueueCheck.print(jobs.count, warnings: findings.warnings, json: options.json) }
    try await Queue.with(settings, mustExist: false) { store in
      // Told before the file is closed: the jobs are on disk, and closing takes longer than they did.
      let receipts = try await enqueue(jobs, in: JobQueue(store: store, clock: clock))
      let others = try await PresentJobs.differences(jobs, receipts, in: store)
      try Receipts.print(
        receipts, names: receipts.map { _ in nil }, others: others, in: settings, json: options.json)
      let isNew = receipts.contains { !$0.alreadyPresent }
      if isNew, stop == nil, !options.json, kind.airtime == .start, runsOn(read.values) {
        Output.sentence("nothing stops it: --\(Airtime.stopAfter.flag) 2h would have enqueued its stop as well")
      }
    }
  }

  /// Whether what these values start has no stop of its own, as far as they say.
  private func runsOn(_ values: [String: JSONValue]) -> Bool {
    values["occurrence"] == nil && values["start"] != .bool(false)
  }

  /// All in one commit: a start is never there without the stop that was asked for with it.
  private func enqueue(_ jobs: [NewJob], in queue: JobQueue) async throws -> [EnqueueReceipt] {
    do {
      return try await queue.enqueue(jobs)
    } catch let error as JobStoreError where error.code == .noSuchParent {
      throw CommandError(error).of(flag: "--after")
    }
  }
}
