import JobQueue
import Manifests
import Settings
import StreamingJobs
import Testing

@Suite("A manifest")
struct ExpansionTests {
  @Test("the sample expands to exactly 200 streams: fra1 80, fra2 41, pdx1 79, with 2 buckets and 2 targets")
  func sample() throws {
    let text = String(decoding: try ManifestGiven.file("jobs/onboard-200.yaml"), as: UTF8.self)
    let sources = ManifestSources(zones: .system()) { Array(try ManifestGiven.file("jobs/\($0)")) }
    let manifest = try Manifest.read(text, file: "jobs/onboard-200.yaml", sources)
    let expansion = try manifest.expanded(known: [:], now: Given.now)
    let counts = ExpansionCounts(expansion)
    #expect(counts.streams == 200)
    #expect(counts.jobs == 204)
    #expect(counts.engines == ["fra1": 80, "fra2": 41, "pdx1": 79])
    #expect(counts.regions == ["eu": 121, "us": 79])
    #expect(counts.buckets == ["league-live-eu": 121, "league-live-us": 79])
    #expect(counts.targets == ["autumn-league-eu": 121, "autumn-league-us": 79])
    #expect(counts.kinds == ["create-bucket-config": 2, "create-fastly-target": 2, "create-map-entry": 200])
    #expect(counts.later == ["verify": 200])
    #expect(Set(expansion.jobs.compactMap(\.uniqueKey)).count == 204)

    let entries = Dictionary(uniqueKeysWithValues: try expansion.entries().map { ($0.entryName, $0) })
    #expect(entries["us-pitch-013-s3"] == nil)
    #expect(entries["pitch-017-s3"]?.sourceStream == "pitch-017-backup")
    #expect(entries["studio-40-s3"]?.groupName == "studio-40_ABR")
    #expect(entries["final-main-s3"]?.application == "live2")
    #expect(entries["final-main-s3"]?.groupName == nil)
    #expect(entries["us-x-08-s3"]?.application == "live3")
    #expect(entries["us-x-03-s3"]?.sourceStream == "us-x-03-enc2")
    #expect(entries["us-x-03-s3"]?.credential == "wse-push-us")
    #expect(entries["pitch-080-s3"]?.onExisting == .replace)
    let labels = expansion.streams.first { $0.name == "us-x-08" }?.labels
    #expect(labels == ["event": "autumn-league", "owner": "video-ops", "tier": "premium", "venue": "Boise"])
  }

  @Test("shared things are one job, parents of all that need them, and stand before them")
  func graph() throws {
    let expansion = try ManifestGiven.expand(
      """
      groups: [{name: all, cdn: wowza-cdn, generate: {name: "cam-{n}", from: 1, to: 3}}]
      streams: [{name: other, bucket: live-2}]
      """)
    #expect(
      expansion.jobs.map(\.kind) == [
        CreateBucketConfig.kind, CreateFastlyTarget.kind, CreateMapEntry.kind, CreateMapEntry.kind, CreateMapEntry.kind,
        CreateBucketConfig.kind, CreateMapEntry.kind,
      ])
    #expect(
      expansion.jobs.map(\.parents) == [[], [.batch(0)], [.batch(0)], [.batch(0)], [.batch(0)], [], [.batch(5)]])
    #expect(expansion.streams.map(\.resources) == [[0, 1, 2], [0, 1, 3], [0, 1, 4], [5, 6]])
    #expect(expansion.resources.map(\.streams) == [3, 3, 1, 1, 1, 1, 1])
    #expect(expansion.jobs[3].labels == ["event": "cup", "manifest": "cup", "stream": "cam-2"])
    #expect(expansion.jobs[0].labels == ["event": "cup", "manifest": "cup"])
  }

  @Test("each layer is stronger than the one before, for each field by itself; labels add up")
  func layers() throws {
    let text = """
      apiVersion: rundown/v1
      kind: Onboarding
      metadata: {name: cup}
      spec:
        defaults:
          bucket: {name: "b-{region}", publicRead: true}
          target: {profile: one, entryName: "d-{stream}", credential: d}
          labels: {a: d, b: d}
        regions:
          eu: {awsRegion: eu-central-1, target: {profile: two, credential: r}, labels: {b: r}}
        engines:
          fra1: {region: eu, target: {profile: three, credential: e}, application: live3}
        groups:
          - {name: g, engine: fra1, target: {profile: four}, generate: {name: "s{n}", from: 1, to: 2}}
        streams:
          - {name: s2, merge: true, target: {profile: five}, labels: {c: "{stream}-x"}}
      """
    let manifest = try ManifestGiven.whole(text)
    let expansion = try manifest.expanded(known: ManifestGiven.known, now: Given.now)
    let entries = try expansion.entries()
    #expect(entries.map(\.profile) == ["four", "five"])
    #expect(entries.map(\.credential) == ["e", "e"])
    #expect(entries.map(\.entryName) == ["d-s1", "d-s2"])
    #expect(entries.map(\.application) == ["live3", "live3"])
    #expect(try expansion.buckets().map(\.bucket) == ["b-eu"])
    #expect(try expansion.buckets().map(\.publicRead) == [true])
    #expect(expansion.streams[1].labels == ["a": "d", "b": "r", "c": "s2-x"])

    let values = try #require(try manifest.values(of: "s2"))
    let told = Dictionary(uniqueKeysWithValues: values.map { ($0.path, $0) })
    #expect(told["target.profile"]?.layer == .stream)
    #expect(told["target.credential"]?.layer == .engine("fra1"))
    #expect(told["awsRegion"]?.layer == .region("eu"))
    #expect(told["bucket.name"]?.value == .string("b-eu"))
    #expect(told["bucket.name"]?.place?.line == 6)
    #expect(told["sourceStream"]?.layer == nil)
    #expect(told["sourceStream"]?.value == .string("s2"))
    #expect(told["labels.c"]?.value == .string("s2-x"))
    #expect(try manifest.values(of: "s3") == nil)
  }

  @Test("a stream whose list of renditions is empty has one entry, as one without a list")
  func noRenditions() throws {
    let entries = try ManifestGiven.expand("streams: [{name: a, renditions: []}]").entries()
    #expect(entries.map(\.sourceStream) == ["a"])
  }

  @Test("renditions become an entry each, named as the transcoder names them")
  func renditions() throws {
    let entries = try ManifestGiven.expand(
      """
      streams:
        - {name: a, renditions: ["", _720p]}
        - {name: b, renditions: [_hd], sourceStream: b-backup, target: {entryName: "x-{stream}"}}
        - {name: c, renditions: [_1, _2], sourceStream: "{stream}-in", target: {entryName: "{stream}@{rendition}"}}
      """
    ).entries()
    #expect(entries.map(\.sourceStream) == ["a", "a_720p", "b-backup_hd", "c_1-in", "c_2-in"])
    #expect(entries.map(\.entryName) == ["a-s3", "a_720p-s3", "x-b_hd", "c@_1", "c@_2"])
  }

  @Test("connections come as a document of their own, and one that is alone in its section need not be named")
  func connections() throws {
    let manifest = try ManifestGiven.whole(
      """
      apiVersion: rundown/v1
      kind: Connections
      connections:
        engines: {fra1: {url: "https://fra1.example:8087", auth: none, limits: {requestsPerSecond: 300/min}}}
        wowzaVideo: {main: {token: {env: T}, limits: {requestsPerSecond: 5/s, liveStreams: 10/3h}}}
      ---
      apiVersion: rundown/v1
      kind: Onboarding
      metadata: {name: cup}
      spec: {defaults: {bucket: live-eu, region: eu-central-1, engine: fra1, cdn: wowza-cdn}, streams: [{name: a}]}
      """)
    #expect(manifest.connections.engines["fra1"]?.value.limits.requestsPerSecond == 5)
    let video = manifest.connections.wowzaVideo["main"]?.value.limits
    #expect(video?.requestsPerSecond == 5)
    #expect(video?.liveStreams?.count == 10)
    #expect(video?.liveStreams?.window == .seconds(3 * 3600))
    let expansion = try manifest.expanded(known: ManifestGiven.known, now: Given.now)
    #expect(try expansion.targets().map(\.connection) == ["main"])
    #expect(try expansion.buckets().map(\.connection) == ["media"])
  }

  @Test("a rollout is read: canary, waves, when to stop, and when to begin nothing")
  func rollout() throws {
    let rollout = try ManifestGiven.expand(
      """
      streams: [{name: a}]
      rollout:
        canary: 1
        waves: [10, 50, rest]
        stopOn: {failedPercent: 5}
        window: {not: ["2026-11-21T13:00/2026-11-21T23:00 Europe/Berlin"]}
      """
    ).rollout
    #expect(rollout?.canary == 1)
    #expect(rollout?.waves == [.count(10), .count(50), .rest])
    #expect(rollout?.failedPercent == 5)
    #expect(rollout?.blackouts.map(\.from.milliseconds) == [1_795_262_400_000])
    #expect(rollout?.blackouts.map(\.to.milliseconds) == [1_795_298_400_000])
  }

  @Test("ten thousand streams are expanded")
  func many() throws {
    let expansion = try ManifestGiven.expand(
      "groups: [{name: all, generate: {name: \"cam-{n:05}\", from: 1, to: 10000}}]")
    #expect(expansion.streams.count == 10_000)
    #expect(expansion.resources.count == 10_001)
  }
}
