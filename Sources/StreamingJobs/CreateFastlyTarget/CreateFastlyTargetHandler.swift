import HTTPTransport
public import JobQueue
import WowzaVideoClient

/// Looks for the target by name and origin before it ever requests one: the provider creates another for each request.
public struct CreateFastlyTargetHandler: JobHandler {
  private let clients: any ClientDirectory

  /// Creates a handler that finds its clients by the names of their connections.
  public init(clients: any ClientDirectory) {
    self.clients = clients
  }

  /// Puts one CDN target in front of the bucket.
  public func run(_ parameters: CreateFastlyTarget, context: JobContext) async throws -> FastlyTargetResult {
    let video = try await clients.wowzaVideo(parameters.connection)
    guard let region = parameters.regionWord else {
      throw Verdict.dead(
        Failure(code: "invalid", message: "no origin region is known for \(parameters.region)"))
    }
    let search = TargetSearch(video: video, parameters: parameters, context: context)
    let made = try await context.effect(
      // Jobs with other names are different jobs, and the provider creates one more target for each of them.
      "create", lateEffectWindow: await clients.lateEffectWindow(parameters.connection), sharesDoubts: true,
      find: { Finding(try await search.found($0)) },
      perform: {
        let target = try await video.createStreamTarget(
          NewStreamTarget(
            name: parameters.targetName, originURL: parameters.origin, originRegion: region,
            forceSSLPlayback: parameters.forceSSL))
        return target.id
      })
    let target: StreamTarget
    switch try await video.sightOfStreamTarget(made.value) {
    case .seen(let whole): target = whole
    case .refused(let error):
      guard made.origin == .performed else { throw error }
      context.note("stream target \(made.value) was created but cannot be read: \(error.message)")
      return result(made, parameters, of: nil)
    case .unknown, .deleted:
      if let pause = try await MissingSince(checkpoint: "target-missing-since", context: context).pause() {
        throw Verdict.snooze(for: pause, why: "stream target \(made.value) was created but is not visible yet")
      }
      throw Verdict.dead(
        Failure(
          code: "vanished", message: "stream target \(made.value) was created but is gone: someone removed it",
          hint: "enqueue the job again to recreate it"))
    }
    try check(target, parameters, region)
    return result(made, parameters, of: target)
  }

  /// - Parameter target: as the service reports it; nil if it does not.
  private func result(
    _ made: EffectResult<String>, _ parameters: CreateFastlyTarget, of target: StreamTarget?
  ) -> FastlyTargetResult {
    FastlyTargetResult(
      connection: parameters.connection, bucket: parameters.bucket, id: made.value,
      name: target?.name ?? parameters.targetName,
      originURL: target?.originURL ?? parameters.origin, playbackRoot: target?.hlsURL.flatMap(PlaybackRoot.of),
      playbackURL: target?.hlsURL, created: made.origin == .performed)
  }

  /// What an error means.
  public func classify(_ error: any Error) -> Verdict { FailureClassifier.classify(error) }

  private func check(_ target: StreamTarget, _ parameters: CreateFastlyTarget, _ region: String) throws {
    let differences = parameters.differences(of: target, region: region)
    guard !differences.isEmpty else { return }
    let what = differences.map { "\($0.field) is \($0.found ?? "nothing"), not \($0.wanted ?? "that")" }
    throw Verdict.dead(
      Failure(
        code: "differs", message: "stream target \(target.id) differs: \(what.joined(separator: "; "))",
        hint: "change it in the account, or set the parameters to what it has"))
  }
}

extension StreamTarget {
  /// The address of the HLS playlist of the first stream.
  fileprivate var hlsURL: String? { playbackURLs["hls"]?.first }
}
