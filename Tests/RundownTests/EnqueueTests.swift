import FoundationEssentials
import Glibc
import StreamingJobs
import Testing

@Suite("rundown enqueue", .timeLimit(.minutes(20)))
struct EnqueueTests {
  static let target = [
    "enqueue", "create-fastly-target", "--connection", "main", "--bucket", "eu-live", "--region", "eu-central-1",
  ]

  struct Receipts: Decodable {
    struct Receipt: Decodable {
      var id: Int
      var name: String?
      var state: String
      var alreadyPresent: Bool
    }
    var apiVersion: String
    var receipts: [Receipt]
  }

  @Test("prints the number of the job and nothing else; a second time the same number, and says so beside it")
  func once() async throws {
    let folder = try Folder()
    let first = try await Command.run(Self.target, in: folder)
    #expect(first.status == 0)
    #expect(first.output == "1\n")
    #expect(first.errors == "new queue file: \(folder.database)\n1 job enqueued in \(folder.database)\n")
    let second = try await Command.run(Self.target, in: folder)
    #expect(second.status == 0)
    #expect(second.output == "1\n")
    #expect(second.errors.contains("already present as job 1 (ready)"))
  }

  @Test("of many processes that race for the same effect one enqueues it, and all learn its number")
  func race() async throws {
    let folder = try Folder()
    let receipts = try await withThrowingTaskGroup(of: Receipts.self) { group in
      for _ in 0..<8 {
        group.addTask { try await Command.run(Self.target + ["--json"], in: folder).json(Receipts.self) }
      }
      return try await group.reduce(into: []) { $0 += $1.receipts }
    }
    #expect(receipts.count == 8)
    #expect(Set(receipts.map(\.id)).count == 1)
    #expect(receipts.filter { !$0.alreadyPresent }.count == 1)
  }

  @Test("takes a file of jobs, and lines of JSON on standard input")
  func files() async throws {
    let folder = try Folder()
    try folder.write(
      "jobs.yaml",
      """
      apiVersion: rundown/v1
      kind: Jobs
      jobs:
        - name: opening
          kind: restream-asset
          runAt: +1h
          with: {connection: main, assetID: opening}
        - kind: restream-asset
          after: [opening]
          with: {connection: main, assetID: closing}
      """)
    let file = try await Command.run(["enqueue", "jobs.yaml", "--json"], in: folder).json(Receipts.self)
    #expect(file.apiVersion == "rundown/v1")
    #expect(file.receipts.map(\.name) == ["opening", nil])
    #expect(file.receipts.map(\.state) == ["scheduled", "blocked"])
    let line = #"{"kind":"restream-asset","after":1,"with":{"connection":"main","assetID":"x"}}"#
    let input = try await Command.run(["enqueue", "-"], in: folder, input: line + "\n")
    #expect(input.output == "3\n", "\(input.errors)")
  }

  @Test("shows the first twenty errors of a file, and how many more there are at least")
  func manyErrors() async throws {
    let folder = try Folder()
    let lines = String(repeating: #"{"kind":"restream-asset","with":{"connection":"m","asset":"a"}}"# + "\n", count: 50)
    let ended = try await Command.run(["enqueue", "-"], in: folder, input: lines)
    #expect(ended.status == 2)
    #expect(ended.errors.contains("standard input:20:51"))
    #expect(!ended.errors.contains("standard input:21:"))
    #expect(ended.errors.hasSuffix("… and at least 30 more\n"), "\(ended.errors.suffix(200))")
  }

  @Test("shows the place of an error in a person's file, and enqueues nothing of that file")
  func badFile() async throws {
    let folder = try Folder()
    try folder.write(
      "jobs.yaml",
      """
      apiVersion: rundown/v1
      kind: Jobs
      jobs:
        - kind: restream-asset
          with: {connection: main, assetID: opening}
        - kind: restream-aset
      """)
    let ended = try await Command.run(["enqueue", "jobs.yaml"], in: folder)
    #expect(ended.status == 2)
    #expect(ended.output == "")
    #expect(
      ended.errors == """
        error[RD0202]: unknown job kind "restream-aset"
         --> jobs.yaml:6:11
          |
        6 |   - kind: restream-aset
          |           ^^^^^^^^^^^^^
          = help: did you mean "restream-asset"?
          = more: rundown explain RD0202

        """)
    #expect(!folder.exists("rundown.db"))
  }

  @Test(
    "a command line that is wrong ends with 2, says what was meant, and makes no file",
    arguments: [
      (["enqueue", "create-map-enrty", "--engine", "fra1"], "did you mean 'rundown enqueue create-map-entry'?"),
      (["enqueue", "restream-asset", "--conection", "main"], "--connection"),
      (["enqueue", "restream-asset", "--asset-id", "x"], "--connection"),
      (["enqueue", "restream-asset", "--connection", "main"], "set either assetID or assetName"),
      (target + ["--label", "cup"], "--label"),
      (target + ["--run-at", "tomorrow"], "+10m"),
      (target + ["--in", "soon"], "90s"),
      (target + ["--in", "1h", "--run-at", "+1h"], "use only one of them"),
      (target + ["--max-attempts", "0"], "at least 1"),
      (["enqueue", "nothing.yaml"], "no such file: /"),
      (["enqueue", "nothing"], "'nothing' is not a file or a job kind"),
      (["statsu"], "did you mean 'rundown status'?"),
      (["status", "--jsn"], "--json"),
    ])
  func wrong(arguments: [String], words: String) async throws {
    let folder = try Folder()
    let ended = try await Command.run(arguments, in: folder)
    #expect(ended.status == 2)
    #expect(ended.output == "")
    #expect(ended.errors.contains(words), "\(ended.errors)")
    #expect(!folder.exists("rundown.db"))
  }

  @Test("a job that waits for one that does not exist is refused with 7")
  func noParent() async throws {
    let folder = try Folder()
    let ended = try await Command.run(Self.target + ["--after", "9"], in: folder)
    #expect(ended.status == 7)
    #expect(ended.errors.contains("error[no-such-parent]"))
  }

  @Test("a connection that the configuration lacks is refused; without any connection configured it is not")
  func connections() async throws {
    let folder = try Folder()
    try folder.write(
      "rundown.yaml", "apiVersion: rundown/v1\nconnections: {wowzaVideo: {mian: {token: 'env:TOKEN'}}}\n")
    let refused = try await Command.run(Self.target, in: folder)
    #expect(refused.status == 2)
    #expect(refused.errors.contains("error[RD0210]"))
    #expect(refused.errors.contains(#"did you mean "mian"?"#))
    #expect(!folder.exists("rundown.db"))
    try folder.write("rundown.yaml", "apiVersion: rundown/v1\n")
    #expect(try await Command.run(Self.target, in: folder).status == 0)
  }

  @Test(
    "a region that AWS cannot have is refused unless the connection leads to another server, by flags and in files",
    arguments: ["middle", "auto", "fr-par", "eu-central-1x", "eu--1"])
  func regions(region: String) async throws {
    let folder = try Folder()
    try folder.write(
      "rundown.yaml",
      "apiVersion: rundown/v1\nconnections: {aws: {media: {}, own: {endpoint: 'https://storage.example'}}}\n")
    try folder.write("none.yaml", "apiVersion: rundown/v1\n")
    let line = { (name: String) in
      #"{"kind":"create-bucket-config","with":{"connection":"\#(name)","bucket":"eu-live","region":"\#(region)"}}"#
    }
    for (name, status) in [("media", Int32(2)), ("own", 0)] {
      try folder.write("jobs.json", line(name) + "\n")
      let flags = flagsOf(name, region)
      for words in [flags, ["enqueue", "jobs.json"]] {
        let ended = try await Command.run(words, in: folder)
        #expect(ended.status == status, "\(words): \(ended.errors)")
        guard status != 0 else { continue }
        #expect(ended.errors.contains("error[RD0205]: region: '\(region)' is not an AWS region"))
        #expect(ended.errors.contains(words == flags ? "--> --region" : "--> jobs.json:1:"))
        #expect(!folder.exists("rundown.db"))
      }
    }
    // Where no connection is known, the workers know where it leads.
    let elsewhere = flagsOf("elsewhere", region) + ["--config", "none.yaml", "--database", "other.db"]
    #expect(try await Command.run(elsewhere, in: folder).status == 0)
  }

  private func flagsOf(_ connection: String, _ region: String) -> [String] {
    ["enqueue", "create-bucket-config", "--connection", connection, "--bucket", "eu-live-2", "--region", region]
  }

  @Test("every parameter of a kind has its flag and its words in the kind's help", arguments: JobKinds.streaming.all)
  func help(kind: JobKindDescription) async throws {
    let ended = try await Command.run(
      ["enqueue", kind.kind, "--help"], in: try Folder(), environment: ["COLUMNS": "500"])
    #expect(ended.status == 0)
    for field in kind.fields {
      #expect(ended.output.contains("  --\(field.flag) <"), "\(field.name)")
      #expect(ended.output.lowercased().contains(field.help.lowercased()), "\(field.name)")
    }
    let example = kind.example.split(separator: " ").filter { $0.hasPrefix("--") }
    #expect(example.allSatisfy { flag in kind.fields.contains { "--\($0.flag)" == flag } })
  }

  @Test("loads no libcurl: only a worker and doctor need it, and it would cost every start")
  func startsThin() async throws {
    let ended = try await Command.run(Self.target, in: try Folder(), environment: ["LD_DEBUG": "libs"])
    #expect(ended.status == 0)
    #expect(ended.errors.contains("libsqlite3"))
    #expect(!ended.errors.contains("libcurl"))
  }
}
