import FoundationEssentials
import Glibc
import Testing

/// What people give `rundown enqueue`, and what they are told about it, by the real command.
@Suite("Files that people enqueue", .timeLimit(.minutes(20)))
struct InputTests {
  static let head = "apiVersion: rundown/v1\nkind: Jobs\njobs:\n"

  /// A file, what is said of it, and where.
  struct Wrong: Sendable, CustomTestStringConvertible {
    var name: String
    var bytes: [UInt8]
    var told: String
    var place: String
    var help: String
    var testDescription: String { "\(name): \(told)" }

    init(_ name: String, _ text: String, _ told: String, at place: String, help: String) {
      self.init(name, bytes: Array(text.utf8), told, at: place, help: help)
    }

    init(_ name: String, bytes: [UInt8], _ told: String, at place: String, help: String) {
      (self.name, self.bytes, self.told, self.place, self.help) = (name, bytes, told, place, help)
    }
  }

  static let wrong: [Wrong] = [
    Wrong(
      "gig.csv", "kind,connection,assetID\nrestream-asset,main,1\n", "is a table (CSV)", at: "gig.csv:1:1", help: "JSON"
    ),
    Wrong("gig.csv", "one heading\n", "is a table (CSV)", at: "gig.csv:1:1", help: "JSON"),
    Wrong("gig.txt", "\u{FEFF}kind;engine\r\ncreate-map-entry;fra1\r\n", "is a table", at: "gig.txt:1:1", help: "JSON"),
    Wrong("gig.tsv", "kind\tname\nrestream-asset\tx\n", "is a table", at: "gig.tsv:1:1", help: "JSON"),
    Wrong(
      "a.yaml", "hello\n", "expected 'key: value' pairs, found text", at: "a.yaml:1:1", help: "start with apiVersion"),
    Wrong("a.yaml", "- kind: x\n", "found a list", at: "a.yaml:1:1", help: "start with apiVersion"),
    Wrong("a.yaml", head + "\t- kind: x\n", "a tab is used for indentation", at: "a.yaml:4:1", help: "spaces"),
    Wrong("a.yaml", head + "  -\tkind: x\n", "a tab where only spaces are allowed", at: "a.yaml:4:4", help: "spaces"),
    Wrong(
      "a.yaml", head + "  - {kind: restream-asset, with: {assetID: @a}}\n", "a value cannot start with '@'",
      at: "a.yaml:4:44", help: "double quotes"),
    Wrong("a.jsonl", "{'kind': 1}\n", "not valid JSON", at: "a.jsonl:1:2", help: "quotes"),
    Wrong("a.json", "[]", "contains no jobs", at: "a.json", help: "each line is one job"),
    Wrong("a.xlsx", "PK\u{3}\u{4}rest", "it is a spreadsheet or an archive", at: "a.xlsx", help: "lines of JSON"),
    Wrong("a.txt", bytes: [0xFF, 0xFE, 0x6B, 0], "it is UTF-16", at: "a.txt", help: "UTF-8"),
    Wrong("a.txt", bytes: [0x6B, 0xE9], "it is not UTF-8 text", at: "a.txt", help: "UTF-8"),
    Wrong("a.gz", bytes: [0x1F, 0x8B, 8], "it is compressed", at: "a.gz", help: "zcat"),
  ]

  @Test(
    "that are not valid get one error with place, cause and what to do, and no queue file is created", arguments: wrong)
  func refused(_ wrong: Wrong) async throws {
    let folder = try Folder()
    try Data(wrong.bytes).write(to: URL(filePath: "\(folder.path)/\(wrong.name)"))
    for words in [["enqueue", wrong.name], ["enqueue", "--check", wrong.name]] {
      let ended = try await Command.run(words, in: folder)
      #expect(ended.status == 2 && ended.output == "")
      #expect(ended.errors.ranges(of: "error[").count == 1, "\(ended.errors)")
      #expect(ended.errors.contains(wrong.told), "\(ended.errors)")
      #expect(ended.errors.contains("--> \(wrong.place)\n"), "\(ended.errors)")
      #expect(ended.errors.contains("= help: ") && ended.errors.contains(wrong.help), "\(ended.errors)")
    }
    #expect(!folder.exists("rundown.db"))
  }

  @Test(
    "that do not exist are reported as such, with the file that was meant",
    arguments: ["jobs.yml", "jobz.yaml", "jobs"])
  func missing(name: String) async throws {
    let folder = try Folder()
    try folder.write("jobs.yaml", Self.head)
    let ended = try await Command.run(["enqueue", name], in: folder)
    #expect(ended.status == 2)
    #expect(ended.errors.contains("no such file: \(name)"), "\(ended.errors)")
    #expect(ended.errors.contains("did you mean jobs.yaml?"), "\(ended.errors)")
    let nowhere = try await Command.run(["enqueue", "events/cup.yaml"], in: folder)
    #expect(nowhere.errors.contains("no such file: \(folder.path)/events/cup.yaml"), "\(nowhere.errors)")
    let one = try await Command.run(["enqueue", "."], in: folder)
    #expect(one.errors.contains("cannot read .: it is a folder"), "\(one.errors)")
  }

  struct Listed: Decodable {
    struct Job: Decodable {
      var kind: String
      var parameters: [String: String]
    }
    var jobs: [Job]
  }

  private func enqueued(_ name: String, _ text: String) async throws -> [[String: String]] {
    let folder = try Folder()
    try folder.write(name, text)
    let file = try await Command.run(["enqueue", name], in: folder)
    #expect(file.status == 0, "\(file.errors)")
    let once = try await Command.run(["jobs", "list", "--json"], in: folder).json(Listed.self).jobs
    // The same on standard input is the same jobs.
    let input = try await Command.run(["enqueue", "-"], in: folder, input: text)
    #expect(input.output == file.output, "\(input.errors)")
    return once.reversed().map(\.parameters)
  }

  @Test("of JSON are read as JSON, from a file as from standard input")
  func json() async throws {
    let long = String(repeating: "k", count: 1_500)
    let line = { (asset: String) in
      #"{"kind":"restream-asset","with":{"connection":"main","assetID":"\#(asset)"}}"#
    }
    let labels = #""labels":{"\#(long)":null,"odd":"a\#u{7F}\#u{85}b"}"#
    let all = try await enqueued(
      "gig.jsonl",
      "\u{FEFF}" + line(#"goal \ud83d\ude00"#) + "\r\n\r\n" + line("{3F2504E0}")
        + "\n{\n\t\"kind\":\t\"restream-asset\","
        + "\n\t\"with\": {\"connection\": \"main\", \"assetID\": \"t\", \"assetName\": null}\n}\n"
        + #"{"kind":"restream-asset",\#(labels),"with":{"connection":"main","assetID":"long"}}"#)
    #expect(all.map { $0["assetID"] } == ["goal 😀", "{3F2504E0}", "t", "long"])
    #expect(all.allSatisfy { $0["assetName"] == nil })
  }

  @Test("of YAML take null for nothing, and CRLF and a byte order mark for what they are")
  func yaml() async throws {
    let text =
      "\u{FEFF}" + Self.head
      + "  - kind: restream-asset\n    with: {connection: main, assetID: ~, assetName: \"null\"}\n"
    for text in [text, text.replacing("\n", with: "\r\n")] {
      #expect(try await enqueued("gig.yaml", text) == [["connection": "main", "assetName": "null"]])
    }
    let folder = try Folder()
    try folder.write("bad.yaml", (Self.head + "  - kind: restream-aset\n").replacing("\n", with: "\r\n"))
    let told = try await Command.run(["enqueue", "bad.yaml"], in: folder).errors
    #expect(told.contains("\n4 |   - kind: restream-aset\n  |           ^^^^^^^^^^^^^\n"), "\(told)")
  }

  @Test("are only checked with --check: every error, every warning, and nothing is created")
  func check() async throws {
    struct Checked: Decodable {
      struct Check: Decodable {
        struct Warning: Decodable {
          var code: String
          var place: String?
        }
        var jobs: Int
        var warnings: [Warning]
      }
      var check: Check
    }
    let folder = try Folder()
    try folder.write("good.yaml", Self.head + "  - {kind: restream-asset, with: {connection: main, assetID: a}}\n")
    let good = try await Command.run(["enqueue", "--check", "good.yaml"], in: folder)
    #expect(good.status == 0 && good.output == "1 job, no errors; nothing was enqueued\n" && good.errors == "")
    try folder.write(
      "odd.yaml",
      Self.head + """
          - {kind: restream-asset, runAt: "2020-01-01T00:00:00Z", with: {connection: main, assetID: a}}
          - kind: upload-recording
            with: {connection: media, file: nowhere.mp4, bucket: eu-live, key: a.mp4}

        """)
    let odd = try await Command.run(["enqueue", "--check", "odd.yaml", "--json"], in: folder)
    #expect(odd.status == 0, "\(odd.errors)")
    let found = try odd.json(Checked.self).check
    #expect(found.jobs == 2 && found.warnings.map(\.code) == ["RD0213", "RD0214"])
    #expect(found.warnings.map(\.place) == ["odd.yaml:4:35", "odd.yaml:6:37"])
    #expect(odd.errors.contains("warning[RD0213]: runAt is in the past: the job is ready at once"), "\(odd.errors)")
    #expect(odd.errors.contains("file: \(folder.path)/nowhere.mp4: No such file or directory"), "\(odd.errors)")
    let flags = try await Command.run(
      EnqueueTests.target + ["--check", "--run-at", "2020-01-01T00:00:00Z"], in: folder)
    #expect(flags.status == 0 && flags.output == "1 job, no errors, 1 warning; nothing was enqueued\n")
    #expect(flags.errors.contains("--> --run-at"), "\(flags.errors)")
    #expect(!folder.exists("rundown.db"))
  }

  @Test("with a time in the past or a missing file to upload are accepted, with a warning")
  func warned() async throws {
    let folder = try Folder()
    let upload = [
      "enqueue", "upload-recording", "--connection", "media", "--bucket", "eu-live", "--key", "a.mp4", "--file",
    ]
    let missing = try await Command.run(upload + ["a.mp4"], in: folder)
    #expect(missing.status == 0 && missing.output == "1\n")
    #expect(missing.errors.contains("warning[RD0214]: file: \(folder.path)/a.mp4: No such file"), "\(missing.errors)")
    #expect(missing.errors.contains("--> --file"), "\(missing.errors)")
    try folder.write("b.mp4", "x")
    #expect(!(try await Command.run(upload + ["b.mp4"], in: folder)).errors.contains("warning"))
    let late = try await Command.run(EnqueueTests.target + ["--run-at", "2020-01-01T00:00:00Z"], in: folder)
    #expect(late.status == 0 && late.errors.contains("warning[RD0213]"), "\(late.errors)")
    #expect(!(try await Command.run(EnqueueTests.target + ["--run-at", "+1h"], in: folder)).errors.contains("warning"))
  }

  @Test(
    "of settings name queues and kinds that exist",
    arguments: ["queues: {uplods: 2}", "jobTimeoutSeconds: {restream-aset: 9}"])
  func settings(line: String) async throws {
    let folder = try Folder()
    try folder.write("rundown.yaml", "apiVersion: rundown/v1\nworker:\n  \(line)\n")
    for words in [["worker", "--once"], ["doctor"], EnqueueTests.target] {
      let ended = try await Command.run(words, in: folder)
      #expect(ended.status == 2)
      #expect(ended.errors.contains("rundown.yaml:3:") && ended.errors.contains("did you mean"), "\(ended.errors)")
    }
    #expect(!folder.exists("rundown.db"))
  }
}
