import FoundationEssentials
import JobQueue
import Presentation
import SQLiteJobStore
import Settings
import TestServers
import Testing

@testable import rundown

@Suite("Foreign text reaches people and spreadsheets without effect", .timeLimit(.minutes(20)))
struct HostileTextTests {
  /// All that a terminal acts on, or that lets a line read differently; a colour of ours among them, and a forged field.
  static let hostile =
    "\u{1B}[2J\u{1B}[31m\u{1B}]0;t\u{07}\u{9B}1A\u{7F}\u{08}\r\n\u{85}x\u{2028}\u{202E}\u{2066}\u{200F}\u{61C}"
    + "\" outcome=completed x=\"\\"

  /// A queue in which everything that can be foreign text is hostile.
  private func given() async throws -> Folder {
    let folder = try Folder()
    let store = try await SQLiteJobStore.open(at: folder.database)
    let bad = Self.hostile
    let now = SystemClock().now()
    let gate = "engine:fra1"
    func job(_ number: Int) -> NewJob {
      NewJob(
        kind: "kind\(bad)", queue: "queue\(bad)", payload: #"{"assetID":"=1\u001b[2J\u202e"}"#,
        uniqueKey: "key:\(number)\(bad)", gate: gate, labels: ["label\(bad)": "value\(bad)"])
    }
    _ = try await store.enqueue([job(1), job(2), NewJob(kind: "=1+2", queue: "@sum")], at: now)
    let request = LeaseRequest(
      owner: WorkerID("worker\(bad)"), limits: [.init(queue: "queue\(bad)", count: 1)])
    let leased = try await store.lease(request, at: now)
    _ = try await store.complete(
      leased.map {
        Completion(
          lease: $0.lease,
          outcome: .dead(
            Failure(code: "code\(bad)", message: "=cause\(bad)", hint: "hint\(bad)", requestID: "id\(bad)")),
          notes: [Note(at: now, text: "note\(bad)")])
      }, at: now)
    try await store.announce(
      WorkerRecord(
        id: WorkerID("worker\(bad)"), host: "host\(bad)", pid: 1, processStart: "", startedAt: now, seenAt: now,
        queues: ["queue\(bad)"]))
    try await store.closeGate(gate, until: nil, reason: "reason\(bad)", by: Operator("who\(bad)"), at: now)
    await store.close()
    return folder
  }

  private func isHarmless(_ text: String, allowing kept: Set<Unicode.Scalar> = ["\n"]) -> Bool {
    text.unicodeScalars.allSatisfy { kept.contains($0) || !PlainText.isControl($0) }
  }

  @Test(
    "no command lets a control, a mark that reorders text or a line of its own through",
    arguments: [
      ["status"], ["jobs", "list"], ["jobs", "list", "-o", "wide"], ["jobs", "list", "-o", "name"],
      ["jobs", "show", "1"], ["jobs", "show", "2"], ["gates", "list"], ["budgets", "list"], ["audit"], ["doctor"],
      ["config", "show", "--origin"], ["jobs", "retry", "2"], ["jobs", "cancel", "2"], ["wait", "1"],
      ["jobs", "list", "--json"], ["jobs", "list", "-o", "jsonl"], ["jobs", "show", "1", "--json"],
      ["status", "--json"], ["gates", "list", "--json"], ["audit", "--json"],
    ])
  func stored(arguments: [String]) async throws {
    let ended = try await Command.run(arguments, in: try await given())
    #expect(isHarmless(ended.output), "\(ended.output.debugDescription)")
    #expect(isHarmless(ended.errors), "\(ended.errors.debugDescription)")
    #expect(!ended.output.split(separator: "\n").contains { $0.hasPrefix("x") })
    // With colours only ours are left: nothing of the text itself is painted red.
    let painted = try await Command.run(arguments, in: try await given(), environment: ["FORCE_COLOR": "1"])
    let rest = Colour.sequences.reduce(painted.output) { rest, sequence in
      rest.split(separator: "\u{1B}" + sequence, omittingEmptySubsequences: false).joined()
    }
    #expect(isHarmless(rest), "\(rest.debugDescription)")
    #expect(!painted.output.contains("\u{1B}[31m\u{1B}"))
  }

  @Test(
    "an error that quotes an argument, a file or its name is one that a terminal only shows",
    arguments: [
      ["jobs", "list", "--state", hostile], ["jobs", "list", "--since", hostile], ["explain", hostile],
      ["enqueue", hostile], ["gates", "close", hostile, "--reason", "r"], ["gates", "open", hostile],
      ["worker", "--queues", hostile], [hostile], ["--\(hostile)"], ["status", "--config", hostile],
      ["status", "--database", "/nowhere/\(hostile)"],
      ["enqueue", "restream-asset", "--connection", hostile, "--asset-id", "a"],
      ["enqueue", "upload-recording", "--connection", "m", "--file", hostile, "--bucket", hostile, "--key", hostile],
    ])
  func quoted(arguments: [String]) async throws {
    let ended = try await Command.run(arguments, in: try await given())
    #expect(ended.status != 0)
    #expect(isHarmless(ended.output + ended.errors), "\((ended.output + ended.errors).debugDescription)")
  }

  @Test("an error that shows a line of a file shows it harmless")
  func file() async throws {
    let folder = try Folder()
    try folder.write(
      "jobs.yaml", "apiVersion: rundown/v1\nkind: Jobs\njobs:\n  - kind: \"no\\e[2J\\u202e such\" # \u{202E}\u{9B}\n")
    let ended = try await Command.run(["enqueue", "jobs.yaml"], in: folder)
    #expect(ended.status == 2 && isHarmless(ended.errors), "\(ended.errors.debugDescription)")
  }

  @Test("JSON stays exact")
  func exact() async throws {
    struct Listed: Decodable {
      struct Job: Decodable {
        var kind: String
        var labels: [String: String]
      }
      var jobs: [Job]
    }
    let ended = try await Command.run(["jobs", "list", "--json"], in: try await given())
    let job = try #require(try ended.json(Listed.self).jobs.last)
    #expect(job.kind.utf8.elementsEqual("kind\(Self.hostile)".utf8))
    #expect(job.labels["label\(Self.hostile)"]?.utf8.elementsEqual("value\(Self.hostile)".utf8) == true)
  }

  @Test("CSV holds no control but line breaks, and no cell that a spreadsheet would run")
  func csv() async throws {
    let ended = try await Command.run(["jobs", "list", "-o", "csv"], in: try await given())
    #expect(isHarmless(ended.output, allowing: ["\n", "\r", "\r\n".unicodeScalars.first ?? "\r"]))
    #expect(ended.output.hasPrefix("id,state,kind,queue,attempts,subject,why\n"))
    let formula = try #require(ended.output.split(separator: "\n").first { $0.hasPrefix("3,") })
    let cells = formula.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    #expect(cells[2...3] == ["'=1+2", "'@sum"], "\(formula)")
  }

  /// A line of `name=value` fields as a log collector reads it, with its values as they were; nil where it is none.
  private static func fields(of line: Substring) -> [(name: String, value: String)]? {
    var rest = line.unicodeScalars[...]
    var fields: [(String, String)] = []
    while let start = rest.firstIndex(of: " ") {
      rest = rest[rest.index(after: start)...]
      guard let equals = rest.firstIndex(of: "=") else { return nil }
      let name = String(rest[..<equals])
      rest = rest[rest.index(after: equals)...]
      var value = String.UnicodeScalarView()
      if rest.first == "\"" {
        rest = rest.dropFirst()
        while let next = rest.popFirst(), next != "\"" {
          guard next != "\\" else {
            guard let escaped = rest.popFirst() else { return nil }
            value.append(escaped)
            continue
          }
          value.append(next)
        }
        guard rest.isEmpty || rest.first == " " else { return nil }
      } else {
        value.append(contentsOf: rest.prefix { $0 != " " })
        rest = rest[(rest.firstIndex(of: " ") ?? rest.endIndex)...]
      }
      fields.append((name, String(value)))
    }
    return rest.isEmpty ? fields : nil
  }

  @Test("a provider's message about a job is one field of a worker's log line, whatever it contains")
  func worker() async throws {
    struct Refusal: Encodable {
      struct Meta: Encodable {
        var status = 422
        var code = "ERR-422-RecordInvalid"
        var title = "Unprocessable"
        var message = HostileTextTests.hostile
        var description = HostileTextTests.hostile
      }
      var meta = Meta()
    }
    let body = String(decoding: try JSONEncoder().encode(Refusal()), as: UTF8.self)
    let server = try AnswerServer(AnswerServer.answer(422, headers: ["Content-Type: application/json"], body: body))
    defer { server.stop() }
    let folder = try Folder()
    try folder.write(
      "rundown.yaml",
      """
      apiVersion: rundown/v1
      connections: {wowzaVideo: {main: {url: "http://127.0.0.1:\(server.port)", token: "env:TOKEN"}}}
      """)
    for number in 1...2 {
      let enqueued = try await Command.run(
        ["enqueue", "restream-asset", "--connection", "main", "--asset-id", "a\(number)"], in: folder)
      try #require(enqueued.status == 0, "\(enqueued.errors)")
      let format = number == 1 ? "text" : "json"
      let ended = try await Command.run(
        ["worker", "--once", "--log-format", format], in: folder, environment: ["TOKEN": "t"])
      #expect(ended.status == 3, "\(ended.errors)")
      #expect(isHarmless(ended.errors), "\(ended.errors.debugDescription)")
      guard format == "text" else {
        struct Line: Decodable {
          var message: String
          var facts: [String: String]
        }
        let lines = ended.errors.split(separator: "\n").compactMap {
          try? JSONDecoder().decode(Line.self, from: Data($0.utf8))
        }
        let line = try #require(lines.first { $0.message == "attempt ended" }, "\(ended.errors)")
        #expect(line.facts["outcome"] == "dead" && line.facts["cause"]?.contains("\" outcome=completed") == true)
        continue
      }
      let mark = " attempt ended"
      let line = try #require(ended.errors.split(separator: "\n").first { $0.contains(mark) }, "\(ended.errors)")
      let facts = line[try #require(line.firstRange(of: mark)).upperBound...]
      let fields = try #require(Self.fields(of: facts), "\(line)")
      #expect(fields.filter { $0.name == "outcome" }.map(\.value) == ["dead"], "\(line)")
      #expect(fields.contains { $0.name == "cause" && $0.value.contains("\" outcome=completed x=\"\\") }, "\(line)")
    }
  }

  @Test(
    "a value in the log is read back as one field",
    arguments: [
      ("plain", "plain"), ("", #""""#), ("two words", #""two words""#), (#"a "quoted" word"#, #""a \"quoted\" word""#),
      (#"" outcome=completed x=""#, #""\" outcome=completed x=\"""#), (#"back\slash"#, #""back\\slash""#),
      ("a=b", #""a=b""#), ("line\nbreak", #""line break""#), ("\"\u{301}", "\"\\\"\u{301}\""),
    ])
  func logged(value: String, shown: String) {
    #expect(LogFormat.shown(value) == shown)
  }
}
