import Testing

@Suite("Files beyond every bound", .timeLimit(.minutes(20)))
struct BoundsTests {
  /// A file that is too large in some way.
  struct Large: Sendable, CustomTestStringConvertible {
    var what: String
    var file: String
    var text: @Sendable () -> String
    /// The code, and where it is found.
    var told: String
    var place: String
    var verb = "apply"

    var testDescription: String { what }
  }

  private static let head = "apiVersion: rundown/v1\nkind: Onboarding\nmetadata: {name: x}\n"

  private static func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

  private static func numbered(_ count: Int) -> String { (1...count).map { "s\($0),e\n" }.joined() }

  static let all: [Large] = [
    Large(
      what: "a generator to a billion", file: "x.yaml",
      text: { head + "spec:\n  groups:\n    - name: a\n      generate: {name: 'a{n}', from: 1, to: 1000000000}\n" },
      told: "RD0203", place: "x.yaml:7:45"),
    Large(
      what: "a generator to a number that no machine has", file: "x.yaml",
      text: {
        head + "spec:\n  groups:\n    - name: a\n      generate: {name: 'a{n}', from: 1, to: 99999999999999999999}\n"
      },
      told: "RD0106", place: "x.yaml:7:45"),
    Large(
      what: "generators of more streams than a manifest may have", file: "x.yaml",
      text: {
        head + "spec:\n  groups:\n    - name: a\n      generate:\n"
          + ["a", "b"].map { "        - {name: '\($0){n}', from: 1, to: 9000}\n" }.joined()
      }, told: "RD0404", place: "x.yaml:9:18"),
    Large(
      what: "jobs to a billion", file: "x.yaml",
      text: {
        "apiVersion: rundown/v1\nkind: Jobs\njobs:\n  - kind: restream-asset\n"
          + "    generate: {stream: 'a{n}', from: 1, to: 1000000000}\n    with: {connection: m, assetID: '{stream}'}\n"
      }, told: "RD0203", place: "x.yaml:5:45", verb: "enqueue"),
    Large(
      what: "nested lists", file: "x.yaml", text: { head + "spec: " + repeated("[", 40) + repeated("]", 40) },
      told: "RD0103", place: "x.yaml:4:38"),
    Large(
      what: "nested lists of JSON", file: "x.json", text: { "{\"spec\": " + repeated("[", 99_999) }, told: "RD0103",
      place: "x.json:1:41"),
    Large(
      what: "an alias", file: "x.yaml", text: { head + "spec: {a: &x [1], b: *x}\n" }, told: "RD0104",
      place: "x.yaml:4:11"),
    Large(
      what: "more values than are read", file: "x.yaml",
      text: { head + "spec:\n  streams: []\n  x: [" + repeated("1,", 100_000) + "]\n" }, told: "RD0103",
      place: "x.yaml:6:199977"),
    Large(
      what: "more bytes of YAML than are read", file: "x.yaml",
      text: { head + repeated("# a line of a comment, which counts as well\n", 30_000) }, told: "RD0103",
      place: "x.yaml:23833:41"),
    Large(
      what: "more documents than are read", file: "x.yaml", text: { repeated(head + "---\n", 101) + head },
      told: "RD0103", place: "x.yaml:400:1"),
    Large(
      what: "more rows than are read", file: "x.csv", text: { "stream,engine\n" + numbered(20_001) }, told: "RD0404",
      place: "x.csv:20001:1"),
    Large(
      what: "more streams than a manifest may have", file: "x.csv", text: { "stream,engine\n" + numbered(10_001) },
      told: "RD0404", place: "x.csv:10002:1"),
    Large(
      what: "more cells than a row may have", file: "x.csv",
      text: { "stream,engine\na" + repeated(",x", 600) + "\n" }, told: "RD0404", place: "x.csv:2:1025"),
    Large(
      what: "a cell that is too long", file: "x.csv", text: { "stream,engine\na," + repeated("x", 70_000) + "\n" },
      told: "RD0404", place: "x.csv:2:3"),
    Large(
      what: "a quote that is never closed", file: "x.csv", text: { "stream,engine\na,\"" + repeated("x\n", 7000) },
      told: "RD0402", place: "x.csv:2:3"),
    Large(
      what: "more bytes of CSV than are read", file: "x.csv",
      text: { "stream,engine\n" + repeated(repeated("a", 100) + ",e\n", 170_000) }, told: "RD0404",
      place: "x.csv:162887:1"),
  ]

  @Test("are refused whole, with place and code, in a few short lines, and nothing is enqueued", arguments: all)
  func refused(large: Large) async throws {
    let folder = try Folder()
    try folder.write(large.file, large.text())
    let ended = try await Command.run([large.verb, large.file], in: folder)
    #expect(ended.status == 2)
    let lines = ended.errors.split(separator: "\n")
    #expect(lines.first?.hasPrefix("error[\(large.told)]: ") == true, "\(ended.errors.prefix(500))")
    #expect(lines.dropFirst().first?.drop { $0 == " " } == "--> \(large.place)", "\(ended.errors.prefix(500))")
    #expect(ended.errors.utf8.count < 1500)
    #expect(!folder.exists("rundown.db"))
    #expect(try await Command.run(["explain", large.told], in: folder).status == 0)
  }

  @Test("as large as is allowed they are taken: 10,000 streams of one sheet")
  func allowed() async throws {
    let folder = try Folder()
    try folder.write("x.csv", "stream,engine\n" + Self.numbered(10_000))
    try folder.write(
      "p.yaml",
      """
      apiVersion: rundown/v1
      kind: Profile
      name: p
      region: eu-central-1
      bucket: {name: gig-live, connection: media}
      target: {credential: push}
      """)
    let ended = try await Command.run(["apply", "--dry-run", "x.csv", "--profile", "./p.yaml"], in: folder)
    #expect(ended.status == 0 && ended.output.hasPrefix("x: 10000 streams, 10001 jobs\n"), "\(ended.errors)")
  }

  @Test("limits have a short form wherever connections are given, and a wrong one is reported with its place")
  func limits() async throws {
    let folder = try Folder()
    func connections(_ video: String, _ engine: String) -> String {
      """
      apiVersion: rundown/v1
      kind: Connections
      connections:
        wowzaVideo: {main: {token: {env: T}, limits: {liveStreams: \(video)}}}
        engines: {fra1: {url: "http://127.0.0.1:1", auth: none, limits: {requestsPerSecond: \(engine)}}}
        pushCredentials: {push: {accessKeyId: {env: A}, secretAccessKey: {env: B}}}
        aws: {media: {source: default-chain, limits: {requestsPerSecond: 60/min}}}

      """
    }
    let manifest = """
      apiVersion: rundown/v1
      kind: Onboarding
      metadata: {name: x}
      spec:
        defaults: {engine: fra1, region: eu-central-1, bucket: gig-live}
        streams: [{name: a}]

      """
    try folder.write("x.yaml", manifest + "---\n" + connections("10/3h", "5/s"))
    try folder.write("alone.yaml", manifest)
    try folder.write("c.yaml", connections("10/3h", "5/s"))
    for arguments in [["x.yaml"], ["alone.yaml", "--connections", "c.yaml"]] {
      let ended = try await Command.run(["apply", "--dry-run"] + arguments, in: folder)
      #expect(ended.status == 0 && ended.output.hasPrefix("x: 1 stream, 2 jobs\n"), "\(ended.errors)")
      #expect(!ended.errors.contains("RD0210"), "\(ended.errors)")
    }
    try folder.write(
      "rundown.yaml", connections("4/2h", "300/min").replacing("kind: Connections", with: "kind: Config"))
    let shown = try await Command.run(["config", "show"], in: folder).output
    #expect(shown.contains("4 live streams in 2h") && shown.contains("5 requests/s"), "\(shown)")
    try folder.write("c.yaml", connections("10 in 3h", "1/min"))
    let wrong = try await Command.run(["apply", "alone.yaml", "--connections", "c.yaml"], in: folder)
    #expect(wrong.status == 2)
    #expect(wrong.errors.contains("error[RD0106]") && wrong.errors.contains("--> c.yaml:4:62"), "\(wrong.errors)")
    #expect(wrong.errors.contains("--> c.yaml:5:87"), "\(wrong.errors)")
  }

  @Test("labels choose jobs for every command that takes jobs by filters")
  func labels() async throws {
    let folder = try Folder()
    for number in 1...2 {
      let words = [
        "enqueue", "restream-asset", "--connection", "main", "--asset-id", "a\(number)", "-l", "n=\(number)",
      ]
      #expect(try await Command.run(words, in: folder).status == 0)
    }
    let chosen = ["-l", "n=2"]
    #expect(try await Command.run(["jobs", "list", "-o", "name"] + chosen, in: folder).output == "2\n")
    #expect(try await Command.run(["jobs", "cancel", "--yes"] + chosen, in: folder).output == "2 cancelled\n")
    #expect(try await Command.run(["wait", "--for", "cancelled"] + chosen, in: folder).status == 0)
    #expect(try await Command.run(["jobs", "retry", "--yes"] + chosen, in: folder).output == "2 ready\n")
    #expect(try await Command.run(["jobs", "discard", "--yes"] + chosen, in: folder).output == "2 ready\n")
    #expect(try await Command.run(["jobs", "list", "--state", "ready", "-o", "name"], in: folder).output == "2\n1\n")
  }
}
