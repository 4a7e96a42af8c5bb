public import JobQueue

/// Records that the live stream is not to be started any more, finds out which one it is, and stops it.
public struct StopLiveStreamHandler: JobHandler {
  private let clients: any ClientDirectory
  private let queue: any QueryStore

  private static let offAir = "off-air"

  /// Creates a handler that finds its clients by their connections' names, and the start in this queue.
  public init(clients: any ClientDirectory, queue: any QueryStore) {
    self.clients = clients
    self.queue = queue
  }

  /// Stops the live stream.
  public func run(_ parameters: StopLiveStream, context: JobContext) async throws -> StopResult {
    // Before anything is looked at: a start that is not visible here sees this record.
    let since = try await beginning(parameters, context)
    let video = try await clients.wowzaVideo(parameters.connection)
    let start = StartSight(
      stop: parameters, since: since, video: video,
      lateEffectWindow: await clients.lateEffectWindow(parameters.connection), queue: queue, context: context)
    var result = StopResult(
      connection: parameters.connection, occurrence: parameters.occurrence, state: .absent, unchanged: true)
    switch try await start.look() {
    case .nothing(let why, let job):
      result.reason = why
      result.startJob = job
    case .stream(let id, let job, let quietAt):
      let stop = try await LiveStreamStop(video: video, id: id, startsUntil: quietAt, context: context).stopped()
      result.liveStreamID = id
      result.startJob = job
      result.state = stop.state
      result.unchanged = stop.unchanged
    }
    try context.record(
      place(parameters).write(
        OffAirRecord(state: .stopped, job: context.job.id, since: since, liveStreamID: result.liveStreamID)))
    return result
  }

  /// What an error means. No answer of a provider ends a stop: an account with a problem today, or a refused request,
  /// leaves the stream running.
  public func classify(_ error: any Error) -> Verdict {
    switch FailureClassifier.classify(error) {
    case .dead(let failure): .retry(failure)
    case .hold(let why): .snooze(for: .seconds(60), why: why)
    case let verdict: verdict
    }
  }

  /// Records once that the stream is to stop.
  /// - Returns: since when it is to stop.
  private func beginning(_ parameters: StopLiveStream, _ context: JobContext) async throws -> Timestamp {
    if let since = try await context.checkpoint(Self.offAir, as: Timestamp.self) { return since }
    let now = context.clock.now()
    let record = OffAirRecord(state: .stopping, job: context.job.id, since: now, liveStreamID: parameters.liveStreamID)
    try await context.checkpoint(Self.offAir, now, recording: [place(parameters).write(record)])
    return now
  }

  private func place(_ parameters: StopLiveStream) -> RecordPlace {
    if let stream = parameters.liveStreamID { return .offAir(parameters.connection, stream: stream) }
    return .offAir(parameters.connection, occurrence: parameters.occurrence ?? "")
  }
}
