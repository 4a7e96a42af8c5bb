import FoundationEssentials
import Glibc
import TestServers
import Testing

/// Providers that tell everything again that they can know, wherever there is room: each secret of each connection, in
/// each of its usual forms, in the reason of the status, in every header and in every field of the body. Then every byte
/// is searched that the program wrote: the queue, its log beside it, what it said, as text and as JSON.
@Suite("A provider that echoes secrets", .timeLimit(.minutes(20)))
struct EchoTests {
  private static let statuses = [200, 201, 204, 301, 307, 400, 401, 403, 404, 409, 412, 422, 423, 429, 500, 501, 503]
  static let answers: [(status: Int, body: Body)] = statuses.flatMap { status in Body.allCases.map { (status, $0) } }

  @Test("finds none of them stored, printed or logged", arguments: [(200, Body.json), (403, .xml), (503, .page)])
  func sample(status: Int, body: Body) async throws { try await isSilent(about: status, body) }

  @Test("finds none of them, whatever the status, in what a job of each provider leaves behind")
  func everyStatus() async throws {
    let folder = try Folder()
    for (name, value) in Self.secrets { try folder.write("secret-\(name)", "\(value)\n") }
    try folder.write("recording.mp4", "not really a recording")
    var servers: [AnswerServer] = []
    defer { for server in servers { server.stop() } }
    // Each status with one kind of body after the other; all of them with --exhaustive.
    for (index, status) in Self.statuses.enumerated() {
      let bodies = Self.isExhaustive ? Body.allCases : [Body.allCases[index % Body.allCases.count]]
      for body in bodies { servers.append(try AnswerServer(Self.answer(status, body))) }
    }
    let ports = servers.map(\.port)
    try folder.write("rundown.yaml", Self.connections(ports))
    let jobs = ports.flatMap { port in Self.jobs.map { $0.replacing("#", with: "\(port)") } }
    let surroundings = ["RUNDOWN_LOG_LEVEL": "trace", "AWS_EC2_METADATA_DISABLED": "true"]
    let enqueued = try await Command.run(["enqueue", "-"], in: folder, input: jobs.joined(separator: "\n"))
    #expect(enqueued.status == 0, "\(enqueued.errors)")
    let worked = try await Command.start(Self.worker, in: folder, environment: surroundings).endWhenAllWereTried()
    var said = worked.output + worked.errors
    for arguments in [
      ["jobs", "list", "--limit", "1000", "--json"], ["gates", "list", "--json"], ["status", "--json"],
    ] {
      let shown = try await Command.run(arguments, in: folder)
      #expect(shown.status == 0, "\(shown.errors)")
      said += shown.output + shown.errors
    }
    #expect(said.contains("<redacted>"))
    try expectSilence(of: said, folder)
  }

  /// No trace of a secret is in what the program said and wrote.
  private func expectSilence(of said: String, _ folder: Folder) throws {
    var said = said
    for (name, data) in try folder.contents() where !name.hasPrefix("secret-") {
      said += "# \(name)\n" + String(decoding: data, as: UTF8.self)
    }
    // As a C string, which is searched at once though it is long.
    let text = said.replacing("\0", with: " ").utf8CString
    for trace in Self.traces {
      guard let place = Self.place(of: trace, in: text) else { continue }
      let around = text[max(0, place - 300)..<min(text.count - 1, place + 100)]
      Issue.record("\(trace) in: \(String(decoding: around.map { UInt8(bitPattern: $0) }, as: UTF8.self))")
    }
  }

  private static func place(of sought: String, in text: ContiguousArray<CChar>) -> Int? {
    text.withUnsafeBufferPointer { text in
      guard let start = text.baseAddress, let found = strstr(start, sought) else { return nil }
      return UnsafePointer(found) - start
    }
  }

  @Test("finds none of them, whatever the status", .enabled(if: isExhaustive), arguments: answers)
  func all(status: Int, body: Body) async throws { try await isSilent(about: status, body) }

  private func isSilent(about status: Int, _ body: Body) async throws {
    let server = try AnswerServer(Self.answer(status, body))
    defer { server.stop() }
    let folder = try Folder()
    try Self.furnish(folder, port: server.port)
    var said = ""
    for arguments in Self.commands {
      let command = try Command.start(
        arguments, in: folder, environment: ["RUNDOWN_LOG_LEVEL": "trace", "AWS_EC2_METADATA_DISABLED": "true"])
      let ended = try await arguments == Self.worker ? command.endWhenAllWereTried() : command.end()
      said += "$ \(arguments.joined(separator: " "))\n\(ended.output)\n\(ended.errors)\n"
    }
    // What is searched is there: each job met the server and told of it.
    #expect(said.contains("http://127.0.0.1:\(server.port)"))
    #expect(said.contains("<redacted>"))
    // What a secret command leaves running ends with it.
    let left = try folder.text("left-over").split(separator: "\n").compactMap { pid_t($0) }
    #expect(!left.isEmpty)
    try await eventually { left.allSatisfy { !Self.isAsleep($0) } }
    try expectSilence(of: said, folder)
  }

  // MARK: The secrets

  private static let isExhaustive = ProcessInfo.processInfo.environment["RUNDOWN_EXHAUSTIVE"] == "1"

  /// By the name of their file, which is never searched. With what has to be escaped somewhere.
  private static let secrets = [
    "engine-user": "canary-engine-user", "engine-password": #"canary/engine+pass"word&1"#,
    "aws-id": "AKIACANARY0EXAMPLE01", "aws-key": "canary/aws+secret/key+0123456789abcdef/x",
    "aws-token": "canary//aws+session+token//0123456789==",
    "token": "eyJcanary.eyJpYXQiOjE1MTYyMzkwMjJ9.signature-canary",
    "api-key": "canary-api-key-0123456789-0123456789-0123456789",
    "access-key": "canary-access-key-0123456789-0123456789-01234",
    "push-id": "AKIACANARYPUSH000002", "push-key": "canary/push+key/0123456789/0123456789/01",
  ]

  /// What would show any of them: all hold the same word.
  private static let traces: [String] =
    ["canary", "CANARY"]
    + secrets.values.map { String(Data($0.utf8).base64EncodedString().dropLast(4)) }
    + [basic]

  private static let basic = Data("\(secrets["engine-user"] ?? ""):\(secrets["engine-password"] ?? "")".utf8)
    .base64EncodedString()

  private static let escaped = secrets.values.sorted().map { value in
    value.utf8.map { byte in
      byte < 0x80 && Character(UnicodeScalar(byte)).isLetter ? String(UnicodeScalar(byte)) : "%" + hex(byte)
    }.joined()
  }.joined(separator: "&X-Amz-Signature=")

  private static func hex(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true) }

  private static let plain = secrets.values.sorted().joined(separator: " ")
  private static let encoded = secrets.values.sorted().map { Data($0.utf8).base64EncodedString() }.joined(
    separator: " ")

  // MARK: The answers

  enum Body: CaseIterable, Sendable { case json, xml, page }

  private static func answer(_ status: Int, _ body: Body) -> String {
    let names = [
      "X-Request-Id", "x-amz-request-id", "x-amzn-requestid", "x-amz-id-2", "x-amz-bucket-region", "x-amz-version-id",
      "x-amz-abort-date", "x-amz-checksum-crc32c", "x-amz-checksum-type", "ETag", "Server", "Retry-After", "Date",
      "x-ratelimit-reset", "x-amz-meta-rundown-job", "x-amz-meta-rundown", "Via",
    ]
    let type = body == .json ? "application/json" : body == .xml ? "application/xml" : "text/html"
    let fields =
      names.map { "\($0): \(plain) \(encoded) \(escaped)" }
      + [
        "Content-Type: \(type); charset=\(plain)", "WWW-Authenticate: Basic realm=\"\(encoded)\", algorithm=\(plain)",
        "Location: http://127.0.0.1/\(escaped)?\(escaped)",
      ]
    let text = AnswerServer.answer(status, headers: fields, body: status == 204 ? "" : self.body(body))
    return text.replacing("\(status) Answer", with: "\(status) \(plain)")
  }

  private static func body(_ body: Body) -> String {
    switch body {
    case .page: "<html><title>\(plain)</title>\(encoded) \(escaped)</html>"
    case .xml:
      "<Error><Code>\(xml)</Code><Message>\(xml) \(encoded) \(escaped)</Message><Region>\(xml)</Region>"
        + "<RequestId>\(xml)</RequestId><HostId>\(encoded)</HostId></Error>"
    case .json:
      {
        let text = "\"\(json) \(encoded) \(escaped)\""
        let names = [
          "code", "message", "title", "error", "description", "id", "name", "state", "entryName", "sourceStreamName",
          "streamName", "profile", "serverVersion", "playback_url", "asset_id", "created_at", "stream_target_id",
        ]
        let fields = names.map { "\"\($0)\":\(text)" }.joined(separator: ",")
        let inner = "{\(fields)}"
        return "{\(fields),\"meta\":\(inner),\"asset\":\(inner),\"live_stream\":\(inner),\"live_streams\":[\(inner)],"
          + "\"stream_target_fastly\":\(inner),\"stream_targets_fastly\":[\(inner)],\"mapEntries\":[\(inner)],"
          + "\"extraOptions\":{\"cloudstorage.accessID\":\(text),\"cloudstorage.bucketName\":\(text)}}"
      }()
    }
  }

  private static let json = plain.replacing("\"", with: "\\\"")
  private static let xml = plain.replacing("&", with: "&amp;").replacing("\"", with: "&quot;")

  // MARK: The program

  private static func furnish(_ folder: Folder, port: UInt16) throws {
    for (name, value) in secrets { try folder.write("secret-\(name)", "\(value)\n") }
    try folder.write("recording.mp4", "not really a recording")
    try folder.write(
      "secret-shout",
      "#!/bin/bash\nsleep 1000 &\necho $! >> left-over\ncat secret-* >&2\ncat secret-*\nexit 7\n", mode: 0o700)
    try folder.write(
      "rundown.yaml",
      """
      apiVersion: rundown/v1
      connections:
        engines:
          basic: {url: "http://127.0.0.1:\(port)", auth: basic, user: file:secret-engine-user, password: file:secret-engine-password}
          asked: {url: "http://127.0.0.1:\(port)", auth: negotiate, user: file:secret-engine-user, password: file:secret-engine-password}
          program: {url: "http://127.0.0.1:\(port)", auth: basic, user: file:secret-engine-user, password: {command: [bash, secret-shout]}}
        aws:
          media: {source: static, endpoint: "http://127.0.0.1:\(port)", region: eu-central-1, accessKeyId: file:secret-aws-id, secretAccessKey: file:secret-aws-key, sessionToken: file:secret-aws-token}
          role: {source: static, endpoint: "http://127.0.0.1:\(port)", region: eu-central-1, assumeRole: "arn:aws:iam::123456789012:role/r", accessKeyId: file:secret-aws-id, secretAccessKey: file:secret-aws-key}
        wowzaVideo:
          bearer: {url: "http://127.0.0.1:\(port)", token: file:secret-token}
          keys: {url: "http://127.0.0.1:\(port)", version: v1.7, authentication: apiKey, apiKey: file:secret-api-key, accessKey: file:secret-access-key}
          signed: {url: "http://127.0.0.1:\(port)", version: v1.7, authentication: hmac, apiKey: file:secret-api-key, accessKey: file:secret-access-key}
        pushCredentials:
          push: {accessKeyId: file:secret-push-id, secretAccessKey: file:secret-push-key}
      """)
  }

  /// A connection of each provider at each of these ports.
  private static func connections(_ ports: [UInt16]) -> String {
    let sections = [
      (
        "engines",
        #"engine#: {url: "http://127.0.0.1:#", auth: basic, user: file:secret-engine-user, "#
          + "password: file:secret-engine-password}"
      ),
      (
        "aws",
        #"media#: {source: static, endpoint: "http://127.0.0.1:#", region: eu-central-1, accessKeyId: file:secret-aws-id, "#
          + "secretAccessKey: file:secret-aws-key, sessionToken: file:secret-aws-token}"
      ),
      ("wowzaVideo", #"main#: {url: "http://127.0.0.1:#", token: file:secret-token}"#),
    ]
    var text = "apiVersion: rundown/v1\nconnections:\n"
    for (section, line) in sections {
      text += "  \(section):\n" + ports.map { "    \(line.replacing("#", with: "\($0)"))\n" }.joined()
      // What no job needs is told again too, so it must be known.
      guard section == "wowzaVideo", let port = ports.first else { continue }
      text +=
        "    keys: {url: \"http://127.0.0.1:\(port)\", version: v1.7, authentication: apiKey, "
        + "apiKey: file:secret-api-key, accessKey: file:secret-access-key}\n"
    }
    return text
      + "  pushCredentials:\n    push: {accessKeyId: file:secret-push-id, secretAccessKey: file:secret-push-key}\n"
  }

  /// A job for each of them.
  private static let jobs = [
    #"{"kind":"create-map-entry","with":{"engine":"engine#","application":"live","entryName":"a","sourceStream":"cam-01","#
      + #""bucket":"eu-live","region":"eu-central-1","credential":"push"}}"#,
    #"{"kind":"upload-recording","with":{"connection":"media#","file":"recording.mp4","bucket":"eu-vod","key":"a.mp4"}}"#,
    #"{"kind":"create-fastly-target","with":{"connection":"main#","bucket":"eu-live","region":"eu-central-1"}}"#,
  ]

  /// Whether a process is there, and no zombie that nobody waits for.
  private static func isAsleep(_ process: pid_t) -> Bool {
    guard let words = try? Data(contentsOf: URL(filePath: "/proc/\(process)/cmdline")) else { return false }
    return String(decoding: words, as: UTF8.self).hasPrefix("sleep")
  }

  private static let worker = ["worker", "--once"]

  private static let commands: [[String]] = {
    let entry = [
      "--application", "live", "--source-stream", "cam-01", "--bucket", "eu-live", "--region", "eu-central-1",
    ]
    let engines = ["basic", "asked", "program"].map {
      ["enqueue", "create-map-entry", "--engine", $0, "--entry-name", "cam-01-s3", "--credential", "push"] + entry
    }
    let storage = ["media", "role"].flatMap { name in
      [
        [
          "enqueue", "upload-recording", "--connection", name, "--file", "recording.mp4", "--bucket", "eu-vod", "--key",
          "a.mp4",
        ],
        ["enqueue", "create-bucket-config", "--connection", name, "--bucket", "eu-live", "--region", "eu-central-1"],
      ]
    }
    let video = ["bearer", "keys", "signed"].flatMap { name in
      [
        ["enqueue", "create-fastly-target", "--connection", name, "--bucket", "eu-live", "--region", "eu-central-1"],
        ["enqueue", "restream-asset", "--connection", name, "--asset-id", "paprtlx9"],
      ]
    }
    let jobs = engines + storage + video
    // Of each kind one; what the others left is in the file.
    let views = [1, 4, 8].flatMap { [["jobs", "show", "\($0)"], ["jobs", "show", "\($0)", "--json"]] }
    return jobs + [worker] + views
      + [["jobs", "list"], ["jobs", "list", "--json"], ["status"], ["status", "--json"], ["doctor"], ["gates"]]
  }()
}
