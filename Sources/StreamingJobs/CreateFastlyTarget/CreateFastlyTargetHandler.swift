public import JobQueue
import WowzaVideoClient

/// Looks for the target by name and origin before it ever asks for one: the provider makes another each time.
public struct CreateFastlyTargetHandler: JobHandler {
  private let clients: any ClientDirectory

  /// Creates a handler that finds its clients by their connections' names.
  public init(clients: any ClientDirectory) {
    self.clients = clients
  }

  /// Puts one CDN target in front of the bucket.
  public func run(_ parameters: CreateFastlyTarget, context: JobContext) async throws -> FastlyTargetResult {
    let video = try await clients.wowzaVideo(parameters.connection)
    guard let region = parameters.regionWord else {
      throw JobSignal.dead(
        Failure(code: "invalid", message: "no part of the world is known for \(parameters.region)"))
    }
    let made = try await context.effect(
      "create", lateness: await clients.lateness(parameters.connection),
      find: { _ in try await find(parameters, video)?.id },
      perform: {
        let target = try await video.createStreamTarget(
          NewStreamTarget(
            name: parameters.targetName, originURL: parameters.origin, originRegion: region,
            forceSSLPlayback: parameters.forceSSL))
        return target.id
      })
    guard let target = try await video.streamTarget(made.value) else {
      if let pause = try await MissingSince(checkpoint: "target-missing-since", context: context).pause() {
        throw JobSignal.snooze(for: pause, why: "stream target \(made.value) was made and cannot be seen yet")
      }
      throw JobSignal.dead(
        Failure(
          code: "vanished", message: "stream target \(made.value) was made and is gone: somebody removed it",
          hint: "enqueue it again to have it made anew"))
    }
    try check(target, parameters, region)
    return FastlyTargetResult(
      connection: parameters.connection, bucket: parameters.bucket, id: target.id,
      name: target.name ?? parameters.targetName,
      originURL: target.originURL ?? parameters.origin, playbackRoot: target.hlsURL.flatMap(PlaybackRoot.of),
      playbackURL: target.hlsURL, created: made.origin == .performed)
  }

  /// What an error means.
  public func classify(_ error: any Error) -> Verdict { FailureClassifier.classify(error) }

  /// Ours by name and origin, never by luck.
  private func find(_ parameters: CreateFastlyTarget, _ video: WowzaVideoClient) async throws -> StreamTarget? {
    let named = try await video.fastlyTargets(named: parameters.targetName)
    let ours = named.filter { $0.state != "archived" && Origin.same($0.originURL, parameters.origin) }
    if ours.count > 1 {
      throw JobSignal.hold(
        why: "\(ours.count) stream targets are named \(parameters.targetName) with this origin:"
          + " \(ours.map(\.id).joined(separator: ", ")); remove all but one, then retry the job")
    }
    let others = named.filter { $0.state != "archived" }
    if ours.isEmpty, !others.isEmpty {
      let seen = others.map { "\($0.id) with \($0.originURL ?? "none")" }.joined(separator: ", ")
      throw JobSignal.dead(
        Failure(
          code: "differs",
          message: "the name \(parameters.targetName) is taken by a stream target of another origin: \(seen),"
            + " not \(parameters.origin)",
          hint: "give another name, or remove that target"))
    }
    return ours.first
  }

  private func check(_ target: StreamTarget, _ parameters: CreateFastlyTarget, _ region: String) throws {
    var differences: [String] = []
    if !Origin.same(target.originURL, parameters.origin) {
      differences.append("custom_origin_url is \(target.originURL ?? "nothing"), not \(parameters.origin)")
    }
    if target.originRegion != region {
      differences.append("custom_origin_region is \(target.originRegion ?? "nothing"), not \(region)")
    }
    if let asked = parameters.forceSSL, (target.forceSSLPlayback ?? false) != asked {
      differences.append("force_ssl_playback is \(target.forceSSLPlayback ?? false), not \(asked)")
    }
    guard !differences.isEmpty else { return }
    throw JobSignal.dead(
      Failure(
        code: "differs", message: "stream target \(target.id) differs: \(differences.joined(separator: "; "))",
        hint: "change it in the account, or give what it has as parameters"))
  }
}

extension StreamTarget {
  /// The address of its first HLS playlist.
  fileprivate var hlsURL: String? { playbackURLs["hls"]?.first }
}
