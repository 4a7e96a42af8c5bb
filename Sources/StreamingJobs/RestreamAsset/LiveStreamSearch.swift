import HTTPTransport
import JobQueue
import Wire
import WowzaVideoClient

/// Looks for the live stream that a lost request may have created.
///
/// The provider picks the name and stores no key of ours. So our stream is recognized by its asset, if the stream
/// reports it. One that does not, or that is not shown, could be ours unless it certainly belongs to someone else:
/// because it existed before the job's first request, or because another effect of this queue holds it. A stream that
/// did not exist before is a candidate whatever its date says, so that a wrong date costs an operator a look, and not a
/// second stream.
struct LiveStreamSearch {
  let video: WowzaVideoClient
  let connection: String
  let asset: String
  /// How long after a lost response the provider may still carry out the request.
  let lateEffectWindow: Duration
  let context: JobContext

  /// The time between two looks while it is unclear which stream is ours.
  private static let shortestPause = Duration.seconds(5)
  private static let mostCandidates = 200
  private static let mostNamed = 5

  private struct Candidates {
    /// They report our asset.
    var ours: [LiveStream] = []
    /// They could be ours, and why that is unclear.
    var unclear: [(stream: LiveStream, why: String)] = []
  }

  /// The id of our live stream; nil if there is none that could be ours.
  /// - Throws: a snooze while waiting may make it clear, then a hold, because another request could create a second
  ///   one.
  func found(since doubt: EffectRecord) async throws -> String? {
    let candidates = try await candidates()
    if candidates.ours.count == 1 { return candidates.ours[0].id }
    if candidates.ours.isEmpty, candidates.unclear.isEmpty { return nil }
    // Others may claim theirs meanwhile, and a new one may be reported completely only later.
    let passed = try await context.timeInDoubt(of: doubt)
    let all = candidates.ours.map { (stream: $0, why: "of this asset") } + candidates.unclear
    guard passed >= lateEffectWindow else {
      let left = lateEffectWindow - passed
      throw Verdict.snooze(
        for: min(max(passed, Self.shortestPause), left),
        why:
          "a response was lost, and \(Self.names(all)) may be ours; looking again for \(left.components.seconds + 1) s")
    }
    throw Verdict.hold(why: reason(all, areTold: !candidates.ours.isEmpty))
  }

  private func candidates() async throws -> Candidates {
    let before = try await BeforeAsking.written(in: context)
    let listed = try await WholeList(context: context).look {
      try await video.liveStreams(createdSince: before.earliest)
    }
    var candidates = Candidates()
    var looks = 0
    for stream in listed where before.streams?.contains(stream.id) != true {
      guard try await context.claimant(of: OnAirRecord.claim(connection, stream.id)) == nil else { continue }
      looks += 1
      guard looks <= Self.mostCandidates else {
        throw Verdict.hold(
          why:
            "a response was lost, and more than \(Self.mostCandidates) live streams of the account may be the one it created;"
            + Self.wayOut(context.job.id, "ID"))
      }
      try await sort(stream, before, into: &candidates)
    }
    return candidates
  }

  private func sort(_ listed: LiveStream, _ before: BeforeAsking, into candidates: inout Candidates) async throws {
    let sight = listed.assetID == nil ? try await video.sightOfLiveStream(listed.id) : .seen(listed)
    switch sight {
    case .deleted: break
    case .unknown: candidates.unclear.append((listed, "listed but not found"))
    case .refused(let error):
      candidates.unclear.append((listed, "cannot be read: \(error.status.map { "\($0)" } ?? "refused")"))
    case .seen(var stream):
      stream.name = stream.name ?? listed.name
      stream.createdAt = stream.createdAt ?? listed.createdAt
      if let earliest = before.earliest, let made = stream.createdAt, made < earliest { break }
      switch stream.assetID {
      case asset where before.speaksForOurs(stream): candidates.ours.append(stream)
      case asset: candidates.unclear.append((stream, "of this asset, but by its date created before the request"))
      case nil: candidates.unclear.append((stream, "its asset is unknown"))
      default: break
      }
    }
  }

  private func reason(_ all: [(stream: LiveStream, why: String)], areTold: Bool) -> String {
    let names = Self.names(all)
    let cause =
      areTold ? "any of these live streams of asset \(asset) may be ours" : "the live stream it created may be"
    return "a response was lost, and \(cause): \(names); nothing is created again."
      + Self.wayOut(context.job.id, all.first?.stream.id ?? "ID")
  }

  private static func wayOut(_ job: JobID, _ stream: String) -> String {
    " To use one of them: rundown jobs cancel \(job), then enqueue the restream again with --live-stream-id \(stream)."
      + " If none is ours: cancel the job and enqueue it again with another --run. Once all are removed: retry the job"
  }

  private static func names(_ all: [(stream: LiveStream, why: String)]) -> String {
    let words = all.prefix(mostNamed).map { stream, why in
      let created = stream.createdAt.map { ", created at \(InternetTime.text($0))" } ?? ", created at an unknown time"
      return "\(stream.id) '\(stream.name ?? "without a name")'\(created) (\(why))"
    }
    let more = all.count > mostNamed ? " and \(all.count - mostNamed) more" : ""
    return words.joined(separator: "; ") + more
  }
}
