public import JobQueue

/// Counts the jobs of the wave until none is unfinished, or too many have failed.
public struct CheckWaveHandler: JobHandler {
  private let queue: any QueryStore

  /// Creates a handler that reads this queue.
  public init(queue: any QueryStore) { self.queue = queue }

  /// The result of a completed check.
  public struct Result: Codable, Sendable, Hashable {
    /// The wave.
    public var wave: Int
    /// How many streams are done.
    public var done: Int
    /// How many streams failed, within the limit.
    public var failed: Int
  }

  /// Looks once.
  public func run(_ parameters: CheckWave, context: JobContext) async throws -> Result {
    let count = try await count(parameters, since: context.job.createdAt)
    let limit = parameters.failedPercent
    let name = "wave \(parameters.wave) of \(parameters.waves)"
    guard !count.isTooMuch(limit) else {
      throw Verdict.dead(stopped(name, count, limit, parameters.manifest, context.job.id))
    }
    guard count.isOpen else { return Result(wave: parameters.wave, done: count.done, failed: count.failed) }
    throw Verdict.snooze(for: pause(count, context.clock.now()), why: "\(name): \(count.words)")
  }

  /// What an error means.
  public func classify(_ error: any Error) -> Verdict { .retry(Failure(code: "error", message: "\(error)")) }

  /// - Parameter moment: when the check was enqueued. What had ended before belongs to an earlier rollout: a stream that
  ///   failed there may be gone from the manifest, or have been put right by hand.
  private func count(_ parameters: CheckWave, since moment: Timestamp) async throws -> WaveCount {
    let query = JobQuery(
      labels: [ManifestLabel.manifest: parameters.manifest, ManifestLabel.wave: "\(parameters.wave)"])
    let jobs = try await queue.allJobs(query).filter { job in
      job.createdAt >= moment || job.finishedAt.map { $0 >= moment } ?? true
    }
    let blocked = jobs.filter { $0.state == .blocked }.map(\.id)
    return WaveCount(jobs, stuck: blocked.isEmpty ? [] : try await queue.needingOperator(among: blocked))
  }

  /// Often while jobs end, rarely while a quota or a closed gate keeps them waiting.
  private func pause(_ count: WaveCount, _ now: Timestamp) -> Duration {
    let quiet = count.lastChange.map { now - $0 } ?? .zero
    return min(max(quiet / 4, .seconds(1)), .seconds(60))
  }

  private func stopped(_ name: String, _ count: WaveCount, _ limit: Int, _ manifest: String, _ own: JobID) -> Failure {
    let jobs = count.failedJobs.prefix(5).map { "\($0)" }.joined(separator: ", ")
    let more = count.failedJobs.count > 5 ? " and \(count.failedJobs.count - 5) more" : ""
    let what =
      if let shared = count.failedShared {
        "job \(shared.id) (\(shared.kind)), which several streams need, is \(shared.state.rawValue)"
      } else {
        "\(count.failed) of \(count.streams) streams failed (\(limit == 0 ? "none" : "at most \(limit) %") may)"
      }
    return Failure(
      code: "rollout-stopped", message: "\(name): \(what); failed jobs: \(jobs)\(more)",
      hint: "see: rundown jobs list --state dead,held -l manifest=\(manifest); retry or discard them, then"
        + " rundown jobs retry \(own) continues the rollout")
  }
}
