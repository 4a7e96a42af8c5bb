import FoundationEssentials
import Testing

/// Everything that is wrong with what somebody enqueues comes in one round: nobody corrects one thing only to hear of the next.
@Suite("Jobs that are wrong in several ways", .timeLimit(.minutes(20)))
struct OneRoundTests {
  private static let configuration = """
    apiVersion: rundown/v1
    connections: {aws: {media: {}, own: {endpoint: 'https://storage.example'}}, wowzaVideo: {main: {token: 'env:T'}}}

    """

  private func codes(_ errors: String) -> [String] {
    errors.matches(of: /(?:error|warning)\[([^\]]+)\]/).map { String($0.output.1) }
  }

  @Test(
    "in a file: syntax, fields, parameters, connections, regions, parents and warnings, and no queue file is created")
  func file() async throws {
    let folder = try Folder()
    try folder.write("rundown.yaml", Self.configuration)
    try folder.write(
      "jobs.yaml",
      """
      apiVersion: rundown/v1
      kind: Jobs
      jobs:
        - kind: restream-asset
          with: {connection: main, assetID: [a}
        - kind: restream-asset
          with: {conection: main, assetID: b}
        - kind: restream-asset
          with: {connection: mian, assetID: c, startTimeoutSeconds: 0}
        - kind: create-bucket-config
          runAt: '2001-01-01T00:00:00Z'
          with: {connection: media, bucket: eu-live, region: eu-centrl-1}
        - kind: create-bucket-config
          with: {connection: media, bucket: eu-live-2, region: eu-central-3}
      """)
    for words in [["enqueue", "--check", "jobs.yaml"], ["enqueue", "jobs.yaml"]] {
      let ended = try await Command.run(words, in: folder)
      #expect(ended.status == 2 && ended.output == "")
      #expect(
        Set(codes(ended.errors)) == ["RD0101", "RD0105", "RD0205", "RD0210", "RD0213", "RD0215"], "\(ended.errors)")
      for told in [
        #"did you mean "connection"?"#, "'eu-centrl-1' is not an AWS region", "did you mean eu-central-1?",
        #"did you mean "main"?"#, "startTimeoutSeconds", "'eu-central-3' is not an AWS region that",
      ] { #expect(ended.errors.contains(told), "\(told) in \(ended.errors)") }
    }
    #expect(!folder.exists("rundown.db"))
  }

  @Test("by flags: all that is missing or wrong, in our words, with the check before or behind the kind")
  func flags() async throws {
    let folder = try Folder()
    try folder.write("rundown.yaml", Self.configuration)
    let flags = ["--region", "eu-centrl-1", "--public-read", "perhaps", "--run-at", "soon", "--max-attempts", "0"]
    for words in [
      ["enqueue", "create-bucket-config", "--check", "--connection", "medai"] + flags,
      ["enqueue", "--check", "create-bucket-config", "--connection", "medai"] + flags,
      ["enqueue", "create-bucket-config", "--connection", "medai"] + flags,
    ] {
      let ended = try await Command.run(words, in: folder)
      #expect(ended.status == 2 && ended.output == "")
      for told in [
        "create-bucket-config needs --bucket", "'perhaps' is not true or false", "--> --public-read",
        "'soon' is not a valid time", "0 is not at least 1", #"did you mean "media"?"#,
      ] { #expect(ended.errors.contains(told), "\(told) in \(ended.errors)") }
    }
    #expect(!folder.exists("rundown.db"))
    let missing = try await Command.run(["enqueue", "create-map-entry", "--application", "live"], in: folder)
    #expect(
      missing.errors.contains(
        "create-map-entry needs --engine, --entry-name, --source-stream, --bucket, --region, --credential"),
      "\(missing.errors)")
    #expect(!missing.errors.contains("Missing expected"))
    let good = try await Command.run(
      [
        "enqueue", "--check", "create-bucket-config", "--connection", "media", "--bucket", "b-1", "--region",
        "eu-west-1",
      ],
      in: folder)
    #expect(good.status == 0 && good.output == "1 job, no errors; nothing was enqueued\n", "\(good.errors)")
  }

  @Test(
    "a region that is nearly one of AWS' is refused, one that may be new is taken with a warning, and other servers' are theirs",
    arguments: [("eu-centrl-1", Int32(2)), ("eu-central-3", 0), ("eu-central-1", 0)])
  func regions(region: String, status: Int32) async throws {
    let folder = try Folder()
    try folder.write("rundown.yaml", Self.configuration)
    let bucket = ["enqueue", "create-bucket-config", "--bucket", "b-1", "--region", region, "--connection"]
    let aws = try await Command.run(bucket + ["media"], in: folder)
    #expect(aws.status == status, "\(aws.errors)")
    #expect(aws.errors.contains("warning[RD0215]") == (region == "eu-central-3"), "\(aws.errors)")
    if status != 0 { #expect(aws.errors.contains("did you mean eu-central-1?")) }
    let own = try await Command.run(bucket + ["own"], in: folder)
    #expect(own.status == 0 && !own.errors.contains("warning"), "\(own.errors)")
    let target = ["enqueue", "create-fastly-target", "--connection", "main", "--bucket", "b-1", "--region", region]
    #expect(try await Command.run(target, in: folder).status == status)
    try folder.write(
      "other.yaml", "apiVersion: rundown/v1\nconnections: {aws: {media: {region: \(region)}}}\n")
    #expect(try await Command.run(["config", "show", "--config", "other.yaml"], in: folder).status == status)
  }

  @Test("a first enqueue that is refused leaves no queue file, and a check says the same of parents as the enqueue")
  func parents() async throws {
    let folder = try Folder()
    let after = EnqueueTests.target + ["--after", "9"]
    let line = #"{"kind":"restream-asset","after":9,"with":{"connection":"main","assetID":"x"}}"#
    try folder.write("jobs.jsonl", line + "\n")
    for words in [after, after + ["--check"], ["enqueue", "jobs.jsonl"], ["enqueue", "--check", "jobs.jsonl"]] {
      let ended = try await Command.run(words, in: folder)
      #expect(ended.status == 7 && ended.errors.contains("error[no-such-parent]"), "\(words): \(ended.errors)")
      #expect(ended.errors.contains("enqueue after job 9: no such job"))
    }
    let large = EnqueueTests.target + ["--label", "x=" + String(repeating: "y", count: 600)]
    #expect(try await Command.run(large, in: folder).status == 2)
    #expect(!folder.exists("rundown.db") && !folder.exists("rundown.db-turn"))
    #expect(try await Command.run(EnqueueTests.target, in: folder).status == 0)
    #expect(try await Command.run(after + ["--check"], in: folder).status == 7)
    let other = ["enqueue", "restream-asset", "--connection", "main", "--asset-id", "x", "--check", "--after", "1"]
    #expect(try await Command.run(other, in: folder).status == 0)
  }

  @Test("a time without an offset is this machine's on the command line, and explained in a file")
  func localTime() async throws {
    struct Listed: Decodable {
      struct Job: Decodable { var runAt: String }
      var jobs: [Job]
    }
    let folder = try Folder()
    func run(_ words: [String], _ zone: String = "Europe/Berlin") async throws -> Command.Ended {
      try await Command.run(words, in: folder, environment: ["TZ": zone])
    }
    let target = EnqueueTests.target + ["--run-at"]
    #expect(try await run(target + ["2126-07-05 20:15"]).status == 0)
    let listed = try await run(["jobs", "list", "--json"]).json(Listed.self)
    #expect(listed.jobs.map(\.runAt).first?.hasPrefix("2126-07-05T18:15:00") == true, "\(listed.jobs)")
    // Clocks are put forward over the one, and back over the other.
    let skipped = try await run(target + ["2026-03-29 02:30", "--check"])
    #expect(skipped.status == 2 && skipped.errors.contains("does not exist in this machine's time zone"))
    let twice = try await run(target + ["2026-10-25 02:30", "--check"])
    #expect(twice.status == 2)
    #expect(
      twice.errors.contains("write 2026-10-25T02:30:00+02:00 or 2026-10-25T02:30:00+01:00"), "\(twice.errors)")
    try folder.write(
      "jobs.yaml",
      InputTests.head
        + "  - {kind: restream-asset, runAt: '2126-01-05 20:15', with: {connection: main, assetID: x}}\n")
    let file = try await run(["enqueue", "jobs.yaml"])
    #expect(file.status == 2 && file.errors.contains("has no offset from UTC"), "\(file.errors)")
    #expect(file.errors.contains("by this machine's clock it is 2126-01-05T20:15:00+01:00"), "\(file.errors)")
    let gate = try await run(["gates", "close", "engine:fra1", "--until", "soon", "--reason", "x"])
    #expect(gate.errors.contains("'soon' is not a valid time"), "\(gate.errors)")
  }

  @Test("a configuration that is given for a file of jobs is recognised")
  func configuration() async throws {
    let folder = try Folder()
    try folder.write("rundown.yaml", Self.configuration)
    let ended = try await Command.run(["enqueue", "rundown.yaml"], in: folder)
    #expect(ended.status == 2 && ended.errors.ranges(of: "error[").count == 1)
    #expect(ended.errors.contains("this is a configuration") || ended.errors.contains("is a configuration"))
    #expect(ended.errors.contains("--config rundown.yaml"), "\(ended.errors)")
  }

  @Test("in a sheet: cells, zones, twofold names and connections, each once and with its row")
  func sheet() async throws {
    let folder = try Folder()
    try folder.write(
      "rundown.yaml",
      """
      apiVersion: rundown/v1
      connections: {engines: {fra1: {url: 'http://127.0.0.1:1', auth: none}}}
      """)
    try folder.write(
      "p.yaml",
      """
      {apiVersion: rundown/v1, kind: Profile, name: p, engine: fra1, region: eu-central-1,
       bucket: {name: gig, connection: media},
       defaults: {target: {credential: push, entryName: "{stream}-s3"}}}
      """)
    try folder.write(
      "gig.csv",
      """
      stream,start,stop,timezone,engine,renditions
      a,18:00,,,,
      b,2026-12-05T18:00,2026-12-05T23:30,Europe/Berln,,
      c,,,,fra11,
      d,,,,,_720p;_720p
      e/f,,,,,
      """)
    for command in ["plan", "apply"] {
      let ended = try await Command.run([command, "gig.csv", "--profile", "p.yaml"], in: folder)
      #expect(ended.status == 2 && ended.output == "")
      for told in [
        "gig.csv:2:3", "gig.csv:3:37\n", #"did you mean "Europe/Berlin"?"#, "= note: for stream b\n", "gig.csv:4:6",
        "4 | c,,,,fra11,", #"did you mean "fra1"?"#, "gig.csv:5:7", #"gives "d_720p-s3" twice"#,
        "= note: for stream e/f (gig.csv:6:1)",
      ] { #expect(ended.errors.contains(told), "\(told) in \(ended.errors)") }
    }
    #expect(!folder.exists("rundown.db"))
  }
}
