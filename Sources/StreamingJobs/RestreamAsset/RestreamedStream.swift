import JobQueue
import WowzaVideoClient

/// The one live stream of a restream: created, adopted, or looked for after a lost answer.
struct RestreamedStream {
  let video: WowzaVideoClient
  let wait: AssetWait
  let claim: RestreamClaim
  let start: PlannedStart
  /// How long after a lost answer the provider may still carry out the request.
  let lateEffectWindow: Duration

  private static let effect = OnAirRecord.effect
  private static let readDelay = Duration.seconds(5)

  private var context: JobContext { wait.context }
  private var asset: String { claim.asset }
  private var connection: String { wait.parameters.connection }

  private var search: LiveStreamSearch {
    LiveStreamSearch(
      video: video, connection: connection, asset: asset, lateEffectWindow: lateEffectWindow, context: context)
  }

  /// The provider picks the name and stores no key of ours, so after a lost answer the stream can only be found among
  /// the new ones.
  func made(_ budget: BudgetDemand) async throws -> String {
    try await context.effect(
      Self.effect, readDelay: Self.readDelay, lateEffectWindow: lateEffectWindow, budget: budget,
      claim: { OnAirRecord.claim(connection, $0) },
      find: { earlier -> Finding<String, Int> in
        // If nothing was requested, no existing stream can be ours.
        if let earlier, let ours = try await search.found(since: earlier) { return .found(try await recorded(ours)) }
        // Not earlier: if the live stream exists, its asset need not be looked at.
        let date = try await wait.untilCompleted(asset)
        let number = try await claim.take()
        if earlier == nil { try await BeforeAsking.write(at: date, video, in: context) }
        try await start.mayMake()
        return .absent(number)
      },
      perform: { number in try await recorded(video.restream(asset: asset).id, number) }
    ).value
  }

  /// A live stream that a user gave, which this job puts on air.
  func takenOver(_ id: String) async throws -> String {
    let adopted = try await context.adopt(
      Self.effect, claim: { OnAirRecord.claim(connection, $0) },
      find: { _ -> String? in
        guard let stream = try await video.liveStream(id) else { return nil }
        if let told = stream.assetID, told != asset {
          throw Self.dead("differs", "live stream \(id) restreams asset \(told), not \(asset)")
        }
        if let holder = try await context.claimant(of: OnAirRecord.claim(connection, id)) {
          throw Self.dead("claimed", "live stream \(id) was created by job \(holder)")
        }
        return try await recorded(id)
      })
    guard let adopted else { throw Self.dead("no-live-stream", "live stream \(id) does not exist or was deleted") }
    return adopted.value
  }

  /// The live stream that a request with a lost answer created, once nothing more is to be requested; nil if it was
  /// looked for as long as it may appear.
  func lookedFor() async throws -> String? {
    try await context.adopt(
      Self.effect, readDelay: Self.readDelay, claim: { OnAirRecord.claim(connection, $0) },
      find: { earlier in
        guard let earlier else { return nil }
        if let ours = try await search.found(since: earlier) { return try await recorded(ours) }
        let passed = try await context.timeInDoubt(of: earlier)
        guard passed < lateEffectWindow else { return nil }
        throw Verdict.snooze(
          for: min(max(passed, Self.readDelay), lateEffectWindow - passed),
          why: "a response was lost; looking whether the live stream appears, which is not to start any more")
      }
    )?.value
  }

  /// The id, recorded for the stop in the commit of the result.
  private func recorded(_ id: String, _ number: Int? = nil) async throws -> String {
    let own = if let number { number } else { try await claim.take() }
    try context.record(claim.made(id, own), withResultOf: Self.effect)
    return id
  }

  private static func dead(_ code: String, _ message: String) -> Verdict {
    .dead(Failure(code: code, message: message, hint: "check the account's live streams"))
  }
}
