import JobQueue
import JobQueueTestKit
import JobWorker
import Manifests
import StreamingJobs
import Testing

@Suite("A rollout")
struct RolloutTests {
  /// Streams of two buckets, one of them with a CDN target, and their rollout.
  private static func expansion(_ streams: Int, _ rollout: String) throws -> Expansion {
    try ManifestGiven.expand(
      """
      groups:
        - {name: all, cdn: wowza-cdn, generate: {name: "cam-{n}", from: 1, to: \(streams)}}
      streams: [{name: last, bucket: live-2}]
      rollout: \(rollout)
      """)
  }

  private static func wave(_ job: NewJob) -> Int? { job.labels[ManifestLabel.wave].flatMap { Int($0) } }

  @Test("brings in the canary first, then wave by wave, each behind the check of the one before")
  func waves() throws {
    let expansion = try Self.expansion(4, "{canary: 1, waves: [2, rest], stopOn: {failedPercent: 5}}")
    let waves = try RolloutWaves(expansion, expansion.rollout)
    #expect(waves.sizes == [1, 2, 2])
    #expect(
      waves.jobs.map(\.kind) == [
        CreateBucketConfig.kind, CreateFastlyTarget.kind, CreateMapEntry.kind, CheckWave.kind, CreateMapEntry.kind,
        CreateMapEntry.kind, CheckWave.kind, CreateMapEntry.kind, CreateBucketConfig.kind, CreateMapEntry.kind,
      ])
    #expect(waves.jobs.map(Self.wave) == [1, 1, 1, nil, 2, 2, nil, 3, 3, 3])
    #expect(
      waves.jobs.map(\.parents) == [
        [], [.batch(0)], [.batch(0)], [], [.batch(0), .batch(3)], [.batch(0), .batch(3)], [.batch(3)],
        [.batch(0), .batch(6)], [.batch(6)], [.batch(8), .batch(6)],
      ])
    let checks = try waves.jobs.filter { $0.kind == CheckWave.kind }.map {
      try CheckWave.decode(payload: $0.payload, version: $0.payloadVersion)
    }
    #expect(checks == (1...2).map { CheckWave(manifest: "cup", wave: $0, waves: 3, failedPercent: 5) })
    #expect(waves.jobs[3].labels == ["event": "cup", "manifest": "cup"])
    #expect(Set(waves.jobs.compactMap(\.uniqueKey)).count == waves.jobs.count)
  }

  @Test(
    "leaves no stream out, whatever its waves say",
    arguments: [
      ("{canary: 7}", [6]), ("{waves: [2]}", [2, 4]), ("{waves: [3, 3, 3]}", [3, 3]), ("{waves: [rest]}", [6]),
      ("{canary: 1, waves: [rest]}", [1, 5]), ("{stopOn: {failedPercent: 1}}", [6]),
    ])
  func sizes(rollout: String, sizes: [Int]) throws {
    let expansion = try Self.expansion(5, rollout)
    #expect(try RolloutWaves(expansion, expansion.rollout).sizes == sizes)
  }

  @Test("in one wave is what it is without one; spans of time alone are a label of what is begun")
  func blackouts() throws {
    let spans = #"{window: {not: ["2026-11-21T13:00/2026-11-21T23:00 Europe/Berlin"]}}"#
    let expansion = try Self.expansion(2, spans)
    var jobs = try RolloutWaves(expansion, expansion.rollout).jobs
    for index in jobs.indices {
      #expect(jobs[index].labels.removeValue(forKey: Blackout.label) == "2026-11-21T12:00:00Z/2026-11-21T22:00:00Z")
    }
    #expect(jobs == expansion.jobs)
    #expect(try RolloutWaves(expansion, nil).jobs == expansion.jobs)
  }

  @Test("leaves what happens at a planned moment out of waves and spans of time: that is the show itself")
  func planned() throws {
    let expansion = try ManifestGiven.expand(
      """
      groups:
        - name: all
          start: "2027-12-05T18:00:00Z"
          stop: "2027-12-05T20:00:00Z"
          generate: {name: "cam-{n}", from: 1, to: 2}
      rollout: {canary: 1, window: {not: ["2026-11-21T13:00/2026-11-21T23:00 Europe/Berlin"]}}
      """)
    let planned = try RolloutWaves(expansion, expansion.rollout).jobs.filter { $0.runAt != nil }
    #expect(planned.count == 4)
    for job in planned {
      #expect(job.labels[ManifestLabel.wave] == nil && job.labels[Blackout.label] == nil)
      #expect(job.parents.count == 1)
    }
  }

  @Test(
    "begins no wave before the one before is through, stops at too many failures, and goes on once they are mended",
    arguments: 0..<40)
  func trial(seed: UInt64) async throws {
    var trial = try await RolloutTrial(seed: seed)
    try await trial.run()
    trial.mend()
    try await trial.retryAll()
    try await trial.run()
    #expect(try await trial.unfinished() == 0, "seed \(seed)")
  }
}
