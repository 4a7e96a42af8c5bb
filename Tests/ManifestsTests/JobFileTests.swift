import JobQueue
import Manifests
import Settings
import StreamingJobs
import Testing

@Suite("A file of jobs")
struct JobFileTests {
  @Test("becomes typed jobs: defaults lie under what a job says, labels of the file under its own")
  func layers() throws {
    let file = try Given.file(
      """
      labels: {event: cup, tier: basic}
      defaults:
        create-fastly-target: {connection: main, region: eu-central-1, forceSSL: true}
      jobs:
        - kind: create-fastly-target
          with: {bucket: eu-live}
        - kind: create-fastly-target
          labels: {tier: premium}
          priority: -3
          maxAttempts: 4
          runAt: "2027-01-15T08:00:01Z"
          with: {bucket: us-live, region: us-west-2, forceSSL: no}
      """
    ).get()
    let first = CreateFastlyTarget(connection: "main", bucket: "eu-live", region: "eu-central-1", forceSSL: true)
    let second = CreateFastlyTarget(connection: "main", bucket: "us-live", region: "us-west-2", forceSSL: false)
    #expect(
      file.jobs == [
        try first.newJob(EnqueueOptions(labels: ["event": "cup", "tier": "basic"])),
        try second.newJob(
          EnqueueOptions(
            priority: -3, runAt: Timestamp(milliseconds: 1_800_000_001_000),
            labels: ["event": "cup", "tier": "premium"], maxAttempts: 4)),
      ])
    #expect(file.places.map(\.line) == [7, 9])
    #expect(file.connections.map { "\($0.section).\($0.name)" } == ["wowzaVideo.main", "wowzaVideo.main"])
  }

  @Test("generate makes one job per number, with {stream} and {n} filled in")
  func generate() throws {
    let file = try Given.file(
      """
      jobs:
        - name: "entry-{n}"
          kind: create-map-entry
          generate: {stream: "pitch-{n:03}", from: 9, to: 11}
          labels: {stream: "{stream}"}
          with: {engine: fra1, application: live, entryName: "{stream}-s3", sourceStream: "{stream}", bucket: eu-live,
            region: eu-central-1, credential: push}
      """
    ).get()
    #expect(file.names == ["entry-9", "entry-10", "entry-11"])
    #expect(file.jobs.map { $0.labels["stream"] } == ["pitch-009", "pitch-010", "pitch-011"])
    #expect(file.jobs.map(\.uniqueKey) == ["009", "010", "011"].map { "map-entry:fra1:live:pitch-\($0)-s3" })
  }

  @Test("after names an earlier job of the file, else the number of a job in the queue")
  func parents() throws {
    let file = try Given.file(
      """
      jobs:
        - {name: bucket, kind: create-bucket-config, with: {connection: media, bucket: eu-live}}
        - {name: "7", kind: create-bucket-config, with: {connection: media, bucket: us-live}}
        - kind: create-fastly-target
          after: [bucket, 7, 12]
          with: {connection: main, bucket: eu-live, region: eu-central-1}
      """
    ).get()
    #expect(file.jobs[2].parents == [.batch(0), .batch(1), .job(JobID(12))])
  }

  @Test("may be written in JSON")
  func json() throws {
    let file = try Given.whole(
      """
      {"apiVersion": "rundown/v1", "kind": "Jobs", "jobs": [
        {"kind": "create-bucket-config",
         "with": {"connection": "media", "bucket": "eu-live", "corsMethods": ["GET"], "tags": {"event": "cup"}}}]}
      """
    ).get()
    let wanted = CreateBucketConfig(
      connection: "media", bucket: "eu-live", corsMethods: ["GET"], tags: ["event": "cup"])
    #expect(file.jobs == [try wanted.newJob()])
  }

  @Test("may be lines of JSON, one job each, that wait for each other; empty lines say nothing")
  func lines() throws {
    let file = try Given.lines(
      """
      {"name":"b","kind":"create-bucket-config","with":{"connection":"media","bucket":"eu-live"}}

      {"kind":"create-fastly-target","after":"b","with":{"connection":"main","bucket":"eu-live","region":"eu-west-1"}}
      """
    ).get()
    #expect(file.jobs.map(\.kind) == ["create-bucket-config", "create-fastly-target"])
    #expect(file.jobs.map(\.parents) == [[], [.batch(0)]])
  }

  @Test(
    "may be JSON values with any white space between them, or a list of them, whatever the file is called",
    arguments: ["gig.jsonl", "gig.json", "standard input", "gig.yaml"])
  func values(file: String) throws {
    let job = #"{"kind":"restream-asset","with":{"connection":"m","assetID":"NUMBER"}}"#
    let (one, two) = (job.replacing("NUMBER", with: "1"), job.replacing("NUMBER", with: "2"))
    let pretty = two.replacing(",", with: ",\r\n\t")
    for text in ["\(one)\n\(two)", "\(one)\r\n\(two)\r\n", "\u{FEFF}\(one)\n\(pretty)", "[\(one),\n\(two)]"] {
      let jobs = try JobFile.read(text, file: file, now: Given.now) { $0 }.get().jobs
      #expect(try jobs.map { try RestreamAsset.decode(payload: $0.payload, version: 1).assetID } == ["1", "2"])
    }
  }

  @Test("null, also without a word for it, is not given: a default holds, and what is optional is left out")
  func nulls() throws {
    let file = try Given.file(
      """
      defaults: {upload-recording: {connection: media, acl: public-read}}
      jobs:
        - kind: upload-recording
          labels: {event: null, venue: "null"}
          runAt: ~
          with: {file: a.mp4, bucket: eu-live, key: "null", acl: null, contentType: ~, cacheControl: , region: Null}
      """
    ).get()
    let wanted = UploadRecording(
      connection: "media", file: "/here/a.mp4", bucket: "eu-live", key: "null", acl: "public-read")
    var options = EnqueueOptions()
    options.labels = ["venue": "null"]
    #expect(file.jobs == [try wanted.newJob(options)])
  }

  @Test("braces are text where nothing is generated; where something is, a doubled brace is one")
  func braces() throws {
    let file = try Given.file(
      """
      jobs:
        - {kind: restream-asset, with: {connection: m, assetID: "{3F2504E0}-{{x}}-}{"}}
        - {kind: restream-asset, generate: {stream: s, from: 7, to: 7}, with: {connection: m, assetID: "{{n}}-{n}-{{{n:02}}}"}}
      """
    ).get()
    let ids = try file.jobs.map { try RestreamAsset.decode(payload: $0.payload, version: 1).assetID }
    #expect(ids == ["{3F2504E0}-{{x}}-}{", "{n}-7-{07}"])
  }

  @Test("a path is seen from the folder in which the command runs, because workers run elsewhere")
  func paths() throws {
    let file = try Given.lines(
      #"{"kind":"upload-recording","with":{"connection":"media","file":"a.mp4","bucket":"eu-live","key":"a"}}"#
    ).get()
    #expect(try UploadRecording.decode(payload: file.jobs[0].payload, version: 1).file == "/here/a.mp4")
  }

  @Test("takes as many jobs as one batch holds")
  func mostJobs() throws {
    let file = try Given.file(Self.generated(upTo: 10_000)).get()
    #expect(file.jobs.count == 10_000)
  }

  /// A file that generates restreams, so that each has an effect of its own.
  static func generated(upTo last: Int, more: String = "") -> String {
    """
    jobs:
      - kind: restream-asset
        generate: {stream: "s", from: 1, to: \(last)}
        with: {connection: main, assetID: "asset-{n}"}
    \(more)
    """
  }
}
