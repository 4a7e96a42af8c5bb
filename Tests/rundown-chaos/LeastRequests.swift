import JobQueueTestKit

/// The requests that the jobs make when nothing disturbs them: the least possible.
///
/// Measured before the storm, with one job of each kind and one worker, at the same providers.
struct LeastRequests: Sendable {
  let mapEntry: Int
  let target: Int
  let liveStream: Int
  let smallUpload: Int
  let largeUpload: Int

  /// What the whole plan needs.
  func total(_ plan: StormPlan) -> Int {
    mapEntry * plan.mapEntries + target * plan.targets + liveStream * plan.restreams
      + smallUpload * plan.smallUploads + largeUpload * plan.largeUploads
  }

  /// Runs one job of each kind; makes the bucket of the uploads first. Leaves the stand-ins as just started.
  static func measure(_ desk: Desk, _ plan: StormPlan, _ providers: Providers, random: SeededRandom) async throws
    -> LeastRequests
  {
    try await run(desk, [.bucket], providers)
    let small = Thing.upload("calm-small")
    let large = Thing.upload("large-calm")
    try Recordings(folder: desk.recordings).make([small, large], random: random)
    try providers.late.control.makeAsset("calm")
    let each = [
      Thing(kind: .mapEntry, place: plan.engines[0], name: "calm"), Thing(kind: .target, place: "main", name: "calm"),
      Thing(kind: .liveStream, place: "late", name: "calm"), small,
    ]
    let counts = try await run(desk, each.map { StormJob($0, folder: desk.recordings) }, providers)
    let uploaded = try await run(desk, [StormJob(large, folder: desk.recordings)], providers)
    return LeastRequests(
      mapEntry: counts.main.engines.values.reduce(0) { $0 + $1.requests }, target: counts.main.video.requests,
      liveStream: counts.late.video.requests, smallUpload: counts.main.s3?.requests ?? 0,
      largeUpload: uploaded.main.s3?.requests ?? 0)
  }

  @discardableResult
  private static func run(
    _ desk: Desk, _ jobs: [StormJob], _ providers: Providers
  ) async throws -> (main: ControlAPI.Counts, late: ControlAPI.Counts) {
    try await desk.enqueue(jobs)
    try await desk.run(["worker", "--once", "--wait-for-scheduled"])
    let states = try await QueueView(desk: desk).states()
    guard states.filter({ $0.value > 0 }).keys.allSatisfy({ $0 == "completed" }) else {
      throw StormError("before the storm the jobs did not complete: \(states)")
    }
    let counts = (main: try providers.main.control.counts(), late: try providers.late.control.counts())
    for standIn in providers.standIns { try standIn.control.reset() }
    return counts
  }
}
