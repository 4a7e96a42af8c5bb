import JobQueue
import Manifests
import Settings
import StreamingJobs

/// Enqueues one job that was described by flags.
struct EnqueueOne {
  let options: GlobalOptions
  let job: JobOptions

  func run(_ parameters: some JobParameters) async throws {
    // Before a queue file is made for nothing.
    let issues = parameters.validate()
    guard issues.isEmpty else {
      throw CommandError(InvalidParameters(kind: type(of: parameters).kind, issues: issues))
    }
    let settings = try ProcessContext.settings(options)
    try ConnectionCheck(settings).check(try Self.connections(of: parameters))
    let clock = SystemClock()
    let enqueueOptions = try job.enqueueOptions(now: clock.now())
    try await Queue.with(settings, mustExist: false) { store in
      // Told before the file is closed: the jobs are on disk, and closing takes longer than they did.
      let receipt = try await enqueue(parameters, enqueueOptions, in: JobQueue(store: store, clock: clock))
      try Receipts.tell([receipt], names: [nil], in: settings, json: options.json)
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

  /// The connections that the parameters name, by the description of their kind.
  private static func connections(of parameters: some JobParameters) throws -> [ConnectionUse] {
    let value = try JSONText.decode(JSONValue.self, from: try JSONText.encode(parameters))
    let fields = StreamingJobKinds.named(type(of: parameters).kind)?.fields ?? []
    return fields.compactMap { field in
      guard case .connection(let section) = field.shape, case .string(let name)? = value[field.name] else { return nil }
      var use = ConnectionUse(section: section.rawValue, name: name)
      if case .string(let region)? = value["region"] { use.region = region }
      return use
    }
  }
}
