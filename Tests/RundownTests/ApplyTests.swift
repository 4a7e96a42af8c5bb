import FoundationEssentials
import Testing

@Suite("rundown apply", .timeLimit(.minutes(20)))
struct ApplyTests {
  private struct Expanded: Decodable {
    struct Counts: Decodable {
      var streams: Int
      var jobs: Int
      var engines: [String: Int]
      var targets: [String: Int]
      var later: [String: Int]
    }
    var expansion: Counts
  }

  private struct Applied: Decodable {
    struct Jobs: Decodable {
      struct Job: Decodable {
        var id: Int
        var kind: String
        var name: String
        var stream: String?
        var state: String
        var alreadyPresent: Bool
      }
      var manifest: String
      var enqueued: Int
      var present: Int
      var jobs: [Job]
    }
    var applied: Jobs
  }

  private static let profile = """
    apiVersion: rundown/v1
    kind: Profile
    name: s3-hls-eu
    region: eu-central-1
    engine: fra1
    bucket: {name: gig-live, connection: media}
    target: {credential: push}
    cdn: {kind: wowza-cdn, connection: main}
    """

  private static func gig() throws -> Folder {
    let folder = try Folder()
    try FileManager.default.createDirectory(atPath: "\(folder.path)/profiles", withIntermediateDirectories: false)
    try folder.write("profiles/s3-hls-eu.yaml", profile)
    try folder.write("gig.csv", "\u{FEFF}stream;label.stage\r\nstage-a;1\r\nstage-b;2\r\n")
    return folder
  }

  private static var sample: String {
    "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/jobs/onboard-200.yaml"
  }

  @Test("with --dry-run counts what a manifest expands to, and creates no file")
  func dryRun() async throws {
    let folder = try Folder()
    let told = try await Command.run(["apply", "--dry-run", Self.sample], in: folder)
    #expect(told.status == 0, "\(told.errors)")
    #expect(told.output.hasPrefix("autumn-league-2026: 200 streams, 204 jobs\n"))
    #expect(told.errors.contains("not supported yet: verify (200 streams)"))
    let counts = try await Command.run(["apply", "-f", Self.sample, "--dry-run", "--json"], in: folder)
      .json(Expanded.self).expansion
    #expect(counts.streams == 200)
    #expect(counts.engines == ["fra1": 80, "fra2": 41, "pdx1": 79])
    #expect(counts.targets == ["autumn-league-eu": 121, "autumn-league-us": 79])
    #expect(counts.later == ["verify": 200])
    #expect(try folder.contents().isEmpty)
  }

  @Test("enqueues a sheet with a profile once, shared things first; a second time everything is there")
  func sheet() async throws {
    let folder = try Self.gig()
    let first = try await Command.run(["apply", "gig.csv", "--profile", "s3-hls-eu", "--json"], in: folder)
    #expect(first.status == 0, "\(first.errors)")
    let applied = try first.json(Applied.self).applied
    #expect(applied.manifest == "gig")
    #expect(applied.enqueued == 4 && applied.present == 0)
    #expect(applied.jobs.map(\.name) == ["gig-live", "cdn-gig-live", "stage-a-s3", "stage-b-s3"])
    #expect(applied.jobs.map(\.state) == ["ready", "blocked", "blocked", "blocked"])
    #expect(applied.jobs.map(\.stream) == [nil, nil, "stage-a", "stage-b"])

    try folder.write("gig.csv", "stream,label.stage\nstage-a,1\nstage-b,2\nstage-c,3\n")
    let again = try await Command.run(["apply", "-f", "gig.csv", "--profile", "s3-hls-eu", "--json"], in: folder)
    let second = try again.json(Applied.self).applied
    #expect(second.enqueued == 1 && second.present == 4)
    #expect(second.jobs.map(\.id).prefix(4) == [1, 2, 3, 4])
    let told = try await Command.run(["apply", "gig.csv", "--profile", "profiles/s3-hls-eu.yaml"], in: folder)
    #expect(told.errors.contains("gig: 0 jobs enqueued in \(folder.database), 5 already present"), "\(told.errors)")
    let listed = try await Command.run(["jobs", "list", "-l", "stream=stage-b", "-o", "name"], in: folder)
    #expect(listed.output == "4\n", "\(listed.errors)")
  }

  @Test("of eight who apply the same at once each thing is enqueued once")
  func race() async throws {
    let folder = try Self.gig()
    let all = try await withThrowingTaskGroup(of: Applied.self) { group in
      for _ in 0..<8 {
        group.addTask {
          try await Command.run(["apply", "gig.csv", "--profile", "s3-hls-eu", "--json"], in: folder).json(Applied.self)
        }
      }
      return try await group.reduce(into: []) { $0.append($1.applied) }
    }
    #expect(all.map(\.enqueued).reduce(0, +) == 4)
    #expect(Set(all.map { $0.jobs.map(\.id) }).count == 1)
  }

  @Test("refuses all of a sheet with an error, and the unknown profile")
  func refusals() async throws {
    let folder = try Self.gig()
    try folder.write("bad.csv", "stream,enabled\nstage-a,yes\nstage-b,soon\n")
    let bad = try await Command.run(["apply", "bad.csv", "--profile", "s3-hls-eu"], in: folder)
    #expect(bad.status == 2)
    #expect(bad.errors.contains("error[RD0405]: row 3, column enabled: 'soon' is not yes or no"))
    #expect(bad.errors.contains("--> bad.csv:3:9"))
    #expect(!folder.exists("rundown.db"))
    let profile = try await Command.run(["apply", "gig.csv", "--profile", "s3-hls"], in: folder)
    #expect(profile.status == 2)
    #expect(profile.errors.contains("error[RD0416]"))
    #expect(profile.errors.contains("profiles/s3-hls.yaml"))
  }

  @Test("a manifest may define connections; an unknown one is refused if others are known")
  func connections() async throws {
    let folder = try Self.gig()
    try folder.write(
      "connections.yaml",
      """
      apiVersion: rundown/v1
      kind: Connections
      connections:
        engines: {fra2: {url: "http://127.0.0.1:1", auth: none}}
        pushCredentials: {push: {accessKeyId: {env: A}, secretAccessKey: {env: B}}}
        aws: {media: {source: default-chain}}
        wowzaVideo: {main: {token: {env: T}, limits: {liveStreams: 10/3h}}}
      """)
    let arguments = ["apply", "gig.csv", "--profile", "s3-hls-eu", "--connections", "connections.yaml"]
    let refused = try await Command.run(arguments, in: folder)
    #expect(refused.status == 2)
    #expect(refused.errors.contains("no connection \"fra1\" under connections.engines"), "\(refused.errors)")
    let dry = try await Command.run(arguments + ["--dry-run"], in: folder)
    #expect(dry.status == 0)
    #expect(dry.errors.contains("warning[RD0210]"))
  }

  @Test("explains where each value of a stream comes from")
  func values() async throws {
    let folder = try Self.gig()
    let arguments = ["apply", "gig.csv", "--profile", "s3-hls-eu", "--explain-values"]
    let told = try await Command.run(arguments + ["stage-a"], in: folder)
    #expect(told.status == 0, "\(told.errors)")
    let row = told.output.split(separator: "\n").first { $0.hasPrefix("bucket.name") }
    #expect(
      row?.split(separator: " ").map(String.init) == [
        "bucket.name", "gig-live", "profile", "s3-hls-eu", "profiles/s3-hls-eu.yaml:6:16",
      ])
    let unknown = try await Command.run(arguments + ["stage-x"], in: folder)
    #expect(unknown.status == 7)
    #expect(unknown.errors.contains("did you mean \"stage-a\"?"))
  }
}
