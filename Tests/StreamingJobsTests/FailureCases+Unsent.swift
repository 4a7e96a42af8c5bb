import AWSClient
import HTTPTransport
import Secrets
import TestServers
import Testing
import WowzaEngineClient
import WowzaVideoClient

@testable import StreamingJobs

// That nobody is reached, and that nobody gives credentials, closes the gate: docs/promises.md. The reference tells how
// STS refuses (6.5) and what its clock says (4).
extension FailureCase {
  static let unsent: [FailureCase] =
    Provider.allCases.flatMap { [.nobodyListens($0), .noName($0), .noTLS($0), .noCredentials($0)] } + [
      .tooSlow("connect-timeout", HTTPTimeouts(connect: .milliseconds(200))),
      .tooSlow("timeout", HTTPTimeouts(connect: .seconds(5), total: .milliseconds(200))),
      .sts("unsent-credentials-refused", 403, "AccessDenied", .gate(.seconds(10)), says: "not you"),
      .sts(
        "unsent-credentials-refused", 400, "Throttling", headers: ["Retry-After: 20"],
        .gate(.seconds(10), requested: .seconds(20)), says: "not you"),
      .sts(
        "unsent-credentials-refused", 403, "SignatureDoesNotMatch", headers: ["Date: Sun, 06 Nov 1994 09:49:37 GMT"],
        .gate(.seconds(10)), says: "this machine's clock is 3600 s behind AWS'"),
      .stsUnreached,
      .questionLost("connection-lost", to: ""), .questionLost("protocol-violation", to: "what?\r\n\r\n"),
      .questionStalled,
      .here("unsent-version", by: "assets of v1.7", code: "unsupported-version", .hold, says: "v1.8") {
        _ = try await Provider.video($0, "http://127.0.0.1:1", "v1.7").restream(asset: "a")
      },
      .here("unsent-invalid", by: "an id of dots", code: "invalid-request", .dead, says: "\"..\"") {
        _ = try await Provider.video($0, "http://127.0.0.1:1", "v2.0").restream(asset: "..")
      },
      .here("unsent-invalid", by: "a name of dots", code: "invalid-request", .dead, says: "another name") {
        try await Provider.engine($0, "http://127.0.0.1:1").deleteMapEntry("..", application: "live")
      },
      .here("unsent-here", by: "a file that is gone", code: "file", .retry(), says: "/nowhere/a.mp4") {
        _ = try await Provider.s3($0, "http://127.0.0.1:1").putObject(
          "a.mp4", in: "vod", body: .file(path: "/nowhere/a.mp4", offset: 0, length: 9))
      },
      FailureCase("sent-here", by: "a large answer", code: "response-too-large", broke: .unknown, .retry()) {
        try await answering(AnswerServer.answer(200, body: "{" + String(repeating: " ", count: 5 << 20))) {
          try await Provider.engine.look($0, "http://127.0.0.1:\($1)")
        }
      },
      .here("unsent-here", by: "a transport that is shut down", code: "unavailable", .retry(), says: "shut down") {
        $0.shutdown()
        try await Provider.engine($0, "http://127.0.0.1:1").deleteMapEntry("cam", application: "live")
      },
    ]

  /// The three clients, each with a call that writes.
  enum Provider: CaseIterable {
    case engine, video, s3

    func ask(_ transport: CurlTransport, _ base: String, lacksCredentials: Bool = false) async throws {
      let failure = lacksCredentials ? Self.noSecret : nil
      switch self {
      case .engine: try await Self.engine(transport, base, failure).deleteMapEntry("cam", application: "live")
      case .video: _ = try await Self.video(transport, base, "v2.0", failure).restream(asset: "a")
      case .s3: try await Self.s3(transport, base, failure).putTagging("vod", [:])
      }
    }

    private static let noSecret = SecretError(
      code: .missing, reference: "file:token", cause: "there is no such file", hint: "make it")

    static func engine(_ transport: CurlTransport, _ base: String, _ failure: SecretError? = nil) -> WowzaEngineClient {
      WowzaEngineClient(
        transport: transport, baseURL: base,
        credentials: {
          if let failure { throw failure }
          return nil
        })
    }

    static func video(
      _ transport: CurlTransport, _ base: String, _ version: String, _ failure: SecretError? = nil,
      _ timeouts: HTTPTimeouts = HTTPTimeouts()
    ) throws -> WowzaVideoClient {
      let isOld = version == "v1.7"
      return WowzaVideoClient(
        baseURL: base, version: try #require(WowzaVideoVersion(version)),
        credentials: {
          if let failure { throw failure }
          return isOld
            ? .apiKey(key: Secret("key-of-tests"), accessKey: Secret("access-of-tests"))
            : .bearer(Secret("token-of-tests"))
        }, transport: transport, now: { 1_700_000_000 }, timeouts: timeouts)
    }

    static func s3(_ transport: CurlTransport, _ base: String, _ failure: SecretError? = nil) -> S3Client {
      S3Client(
        transport: transport,
        credentials: ClosureCredentialProvider {
          if let failure { throw failure }
          return StorageGiven.credentials
        }, endpoint: .own(base), clock: { 784_111_777 })
    }
  }

  private static func nobodyListens(_ provider: Provider) -> FailureCase {
    here("unsent-unreached", by: "\(provider), nobody listens", code: "connect", .gate(.seconds(5)), says: "reached") {
      transport in
      try await UnansweredPort.refuses.hold { try await provider.ask(transport, "http://127.0.0.1:\($0)") }
    }
  }

  private static func noName(_ provider: Provider) -> FailureCase {
    // No label of a name has more than 63 letters, so nobody has to be asked.
    let host = String(repeating: "a", count: 64) + ".invalid"
    return here(
      "unsent-unreached", by: "\(provider), no such name", code: "name-resolution", .gate(.seconds(5)), says: host
    ) { try await provider.ask($0, "http://\(host)") }
  }

  private static func noTLS(_ provider: Provider) -> FailureCase {
    FailureCase(
      "unsent-unreached", by: "\(provider), plain text instead of TLS", code: "tls", broke: .notSent, .gate(.seconds(5))
    ) {
      try await answering(AnswerServer.answer(200)) { try await provider.ask($0, "https://127.0.0.1:\($1)") }
    }
  }

  private static func noCredentials(_ provider: Provider) -> FailureCase {
    here(
      "unsent-no-credentials", by: "\(provider) without a secret",
      code: provider == .s3 ? "NoCredentials" : "no-credentials", .gate(.seconds(10)), says: "there is no such file"
    ) { try await provider.ask($0, "http://127.0.0.1:1", lacksCredentials: true) }
  }

  /// A host that takes connections and never speaks TLS.
  private static func tooSlow(_ code: String, _ timeouts: HTTPTimeouts) -> FailureCase {
    here("unsent-unreached", by: code, code: code, .gate(.seconds(5)), says: "reached") {
      transport in
      try await UnansweredPort.silent.hold {
        _ = try await Provider.video(transport, "https://127.0.0.1:\($0)", "v2.0", nil, timeouts).restream(asset: "a")
      }
    }
  }

  /// An engine that is asked how it wants to be asked, before a write, and ends the connection with this.
  private static func questionLost(_ code: String, to answer: String) -> FailureCase {
    FailureCase("unsent-unreached", by: "\(code) before a write", code: code, broke: .notSent, .gate(.seconds(5))) {
      try await answering(answer) { transport, port in
        try await asking(transport, port).deleteMapEntry("cam", application: "live")
      }
    }
  }

  private static let questionStalled = FailureCase(
    "unsent-unreached", by: "a question without an answer", code: "stalled", broke: .notSent, .gate(.seconds(5))
  ) {
    let transport = CurlTransport(configuration: CurlTransport.Configuration(proxy: .none))
    defer { transport.shutdown() }
    try await UnansweredPort.silent.hold { port in
      try await asking(Hasty(base: transport), port).deleteMapEntry("cam", application: "live")
    }
  }

  private static func asking(_ transport: some HTTPTransport, _ port: UInt16) -> WowzaEngineClient {
    WowzaEngineClient(
      transport: transport, baseURL: "http://127.0.0.1:\(port)",
      credentials: { WowzaEngineCredentials(user: Secret("wse"), password: Secret("password-of-tests")) })
  }

  /// Waits a second for a byte.
  private struct Hasty: HTTPTransport {
    let base: CurlTransport

    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
      var request = request
      request.timeouts = HTTPTimeouts(total: .seconds(30), stall: .seconds(1))
      return try await base.send(request)
    }
  }

  /// A role that STS does not give.
  private static func sts(
    _ row: String, _ status: Int, _ code: String, headers: [String] = [], _ means: Meaning, says: String
  ) -> FailureCase {
    let body = "<ErrorResponse><Error><Code>\(code)</Code><Message>not you</Message></Error></ErrorResponse>"
    return FailureCase(
      row, by: "STS with \(status) \(code) \(headers)", code: code, broke: .notSent, means, says: [says, "AssumeRole"]
    ) {
      try await answering(AnswerServer.answer(status, headers: headers, body: body)) {
        try await askWithRole($0, sts: "http://127.0.0.1:\($1)")
      }
    }
  }

  private static let stsUnreached = here(
    "unsent-unreached", by: "STS, nobody listens", code: "connect", .gate(.seconds(5)), says: "AssumeRole"
  ) {
    transport in
    try await UnansweredPort.refuses.hold { try await askWithRole(transport, sts: "http://127.0.0.1:\($0)") }
  }

  @Sendable private static func askWithRole(_ transport: CurlTransport, sts base: String) async throws {
    let sts = STSClient(transport: transport, endpoint: .own(base), clock: { 784_111_777 })
    let role = ClosureCredentialProvider {
      try await sts.assumeRole(
        "arn:aws:iam::1:role/r", sessionName: "job", using: ClosureCredentialProvider { StorageGiven.credentials })
    }
    try await S3Client(
      transport: transport, credentials: role, endpoint: .own("http://127.0.0.1:1"), clock: { 784_111_777 }
    ).putTagging("vod", [:])
  }

  private static func here(
    _ row: String, by: String, code: String, broke delivery: Delivery = .notSent, _ means: Meaning, says: String,
    call: @escaping @Sendable (CurlTransport) async throws -> Void
  ) -> FailureCase {
    FailureCase(row, by: by, code: code, broke: delivery, means, says: [says]) {
      let transport = CurlTransport(configuration: CurlTransport.Configuration(proxy: .none))
      defer { transport.shutdown() }
      try await call(transport)
    }
  }
}
