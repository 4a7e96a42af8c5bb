import JobQueue
import Presentation
import StreamingJobs

/// Enqueues many jobs as a batch: gives them a label, and adds a record in the same commit that says where they come
/// from.
struct BatchEnqueue {
  /// Jobs that were enqueued.
  struct Entered {
    /// One receipt for each job, in order.
    var receipts: [EnqueueReceipt]
    /// The batch's name; nil if there is none, because it was a single job or all were already present.
    var batch: String?

    /// Prints the name of the batch and the command that shows it.
    func printBatch() {
      if let batch { Output.message("batch \(batch); see: rundown batches show \(batch)") }
    }
  }

  /// The maximum number of batches that can start in the same second.
  private static let mostInSecond = 1000

  /// The command: `apply` or `enqueue`.
  let verb: String
  /// The file or manifest that was given.
  let source: String

  /// Enqueues jobs in one commit or, if they do not fit into one, in as few as possible. If the command is killed, the
  /// next one finds the jobs that are already there.
  func enqueue(
    _ jobs: [NewJob], in store: any EnqueueStore, clock: some QueueClock = SystemClock()
  ) async throws -> Entered {
    guard jobs.count > 1 else {
      return Entered(receipts: try await Self.enqueue(jobs, [], in: store, clock), batch: nil)
    }
    for number in 1...Self.mostInSecond {
      let now = clock.now()
      let name = Self.name(now, number)
      let labelled = jobs.map { Self.labelled($0, name) }
      do {
        let records = try records(labelled, name, now)
        let receipts = try await Self.enqueue(labelled, records, in: store, clock)
        let isNew = receipts.contains { !$0.alreadyPresent }
        return Entered(receipts: receipts, batch: isNew ? Self.name(of: labelled, name) : nil)
      } catch let error as JobStoreError where error.code == .recordExists {
        // Another command started a batch in this second; none of our jobs were added.
        continue
      }
    }
    throw JobStoreError(
      code: .recordExists, operation: "enqueue", target: source,
      cause: "more than \(Self.mostInSecond) batches began in one second", hint: "try again")
  }

  private static func enqueue(
    _ jobs: [NewJob], _ records: [RecordWrite], in store: any EnqueueStore, _ clock: some QueueClock
  ) async throws -> [EnqueueReceipt] {
    let queue = JobQueue(store: store, clock: clock)
    var receipts: [EnqueueReceipt] = []
    var records = records
    while receipts.count < jobs.count {
      let start = receipts.count
      let part = jobs[start..<min(start + JobLimits.batch, jobs.count)].map { job in
        var job = job
        job.parents = job.parents.map { parent in
          guard case .batch(let index) = parent else { return parent }
          return index < start ? .job(receipts[index].id) : .batch(index - start)
        }
        return job
      }
      let entered = try await queue.enqueue(part, recording: records)
      // They are in the commit of the first jobs that are new.
      if entered.contains(where: { !$0.alreadyPresent }) { records = [] }
      receipts += entered
    }
    return receipts
  }

  /// `20261205-201500` in UTC, with a number appended if there already is a batch of that second.
  private static func name(_ now: Timestamp, _ number: Int) -> String {
    let digits = TimeText.exact(now).filter(\.isNumber)
    return "\(digits.prefix(8))-\(digits.dropFirst(8).prefix(6))" + (number == 1 ? "" : "-\(number)")
  }

  /// The batch that jobs are: their own, or where labels name all of theirs, the first of those.
  private static func name(of jobs: [NewJob], _ own: String) -> String? {
    let names = Set(jobs.compactMap { $0.labels[Batch.label] })
    return names.contains(own) ? own : names.min()
  }

  /// A label that the user gave the jobs is the name of their batch.
  private static func labelled(_ job: NewJob, _ name: String) -> NewJob {
    guard job.labels[Batch.label] == nil, job.labels.count < JobLimits.labels else { return job }
    var job = job
    job.labels[Batch.label] = name
    return job
  }

  private func records(_ jobs: [NewJob], _ own: String, _ now: Timestamp) throws -> [RecordWrite] {
    let groups = Dictionary(grouping: jobs) { $0.labels[Batch.label] ?? "" }
    return try groups.filter { !$0.key.isEmpty }.sorted { $0.key < $1.key }.map { name, jobs in
      let batch = Batch(
        name: name, verb: verb, source: source, who: Operator.caller().who, at: now, asked: jobs.count)
      var common = jobs.first?.labels ?? [:]
      for job in jobs { common = common.filter { job.labels[$0.key] == $0.value } }
      var write = try RecordWrite(
        Batch.collection, name, labels: common, batch, rule: name == own ? .insertOnly : .upsert)
      write.needsNewJob = true
      return write
    }
  }
}
