import HTTPTransport
import Secrets
import TestServers
import Testing
import WowzaEngineClient

@Suite("How an engine is asked for credentials")
struct EngineAuthenticationTests {
  typealias Authentication = EngineSettings.Authentication

  /// All requests that the engine has seen.
  private func requests(_ given: Given) async throws -> [StandInValue] {
    guard case .array(let lines)? = try await given.control("GET", "/journal")["requests"] else { return [] }
    return lines.filter { $0["path"]?.string?.hasPrefix("/v2/") == true }
  }

  @Test(
    "one request finds out what it wants; from then on every call is one request",
    arguments: [Authentication.digestMD5, .digestSHA256, .basic], [HTTPAuthentication.Scheme.negotiate, .digest])
  func count(authentication: Authentication, scheme: HTTPAuthentication.Scheme) async throws {
    guard authentication != .basic || scheme == .negotiate else { return }
    try await Given.standIns({ $0.engineSettings.authentication = authentication }) { given in
      let client = try given.engine(authentication: scheme)
      for number in 1...20 {
        try await client.createMapEntry(EngineMapEntryTests.single, named: "cam-\(number)", application: "live")
      }
      let seen = try await requests(given)
      #expect(seen.count == 21)
      #expect(seen.count { $0["method"]?.string == "POST" } == 20)
      #expect(seen.first?["method"]?.string == "GET")
    }
  }

  @Test("calls at the same time find it out once")
  func together() async throws {
    try await Given.standIns({ $0.engineSettings.authentication = .digestMD5 }) { given in
      let client = try given.engine()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 1...20 {
          group.addTask {
            try await client.createMapEntry(EngineMapEntryTests.single, named: "cam-\(number)", application: "live")
          }
        }
        try await group.waitForAll()
      }
      #expect(try await requests(given).count == 21)
    }
  }

  @Test(
    "an engine that asks for nothing stores a whole entry, and nothing is sent twice",
    arguments: [HTTPAuthentication.Scheme.digest, .negotiate])
  func open(scheme: HTTPAuthentication.Scheme) async throws {
    try await Given.standIns({ $0.engineSettings.authentication = Authentication.none }) { given in
      let client = try given.engine(authentication: scheme)
      try await client.createMapEntry(EngineMapEntryTests.single, named: "cam", application: "live")
      #expect(try await client.mapEntry("cam", application: "live")?.extraOptions == EngineMapEntryTests.storage)
      #expect(try await requests(given).map { $0["method"]?.string } == ["GET", "POST", "GET"])
    }
  }

  @Test(
    "a nonce that ran out costs one more request each time, and each write is done once", arguments: [1, 2, 5, 100])
  func stale(uses: Int) async throws {
    let engine = NonceEngine(uses: uses)
    try await engine.served { client in
      for number in 1...10 {
        try await client.createMapEntry(EngineMapEntryTests.single, named: "cam-\(number)", application: "live")
      }
    }
    #expect(await engine.written == (1...10).map { "cam-\($0)" })
    // One finds out; ten write; and each nonce but the first was told in the refusal of a write.
    #expect(await engine.requests == 1 + 10 + (10 - 1) / uses)
  }

  @Test("a nonce that is called old before it was used is replaced once more, and the write is done once")
  func staleAtOnce() async throws {
    let engine = NonceEngine(uses: 100, strangers: 1)
    try await engine.served { client in
      try await client.createMapEntry(EngineMapEntryTests.single, named: "cam", application: "live")
    }
    #expect(await engine.written == ["cam"])
    #expect(await engine.requests == 3)
  }

  @Test("nonces that are all called old are a refusal after three requests, and nothing is written")
  func alwaysStale() async throws {
    let engine = NonceEngine(uses: 100, strangers: .max)
    try await engine.served { client in
      let error = try await providerError {
        try await client.createMapEntry(EngineMapEntryTests.single, named: "cam", application: "live")
      }
      #expect(error.status == 401 && error.delivery == .refused)
    }
    #expect(await engine.written == [])
    #expect(await engine.requests == 3)
  }

  /// An engine whose nonces are good for so many requests.
  private actor NonceEngine {
    private(set) var requests = 0
    private(set) var written: [String] = []
    private let uses: Int
    private var strangers: Int
    private var nonce = 1
    private var used = 0

    /// - Parameter strangers: so many nonces are called old when they are first used.
    init(uses: Int, strangers: Int = 0) {
      self.uses = uses
      self.strangers = strangers
    }

    nonisolated func served(_ body: (WowzaEngineClient) async throws -> Void) async throws {
      let server = try SocketServer { await self.answer($0) }
      let transport = CurlTransport(configuration: .init(proxy: .none))
      defer { transport.shutdown() }
      try await body(
        WowzaEngineClient(transport: transport, baseURL: server.url, credentials: { Given.engineAccount }))
    }

    private func answer(_ request: SocketServer.Request) -> SocketServer.Answer {
      requests += 1
      guard let given = request.header("Authorization") else { return challenge(isStale: false) }
      guard given.contains("nonce=\"n\(nonce)\""), used < uses, strangers == 0 else {
        strangers = max(0, strangers == .max ? .max : strangers - 1)
        return challenge(isStale: true)
      }
      used += 1
      written.append(request.target.split(separator: "/").last.map(String.init) ?? "")
      return .text(
        201, #"{"success":true,"message":"saved","data":null}"#, headers: [("Content-Type", "application/json")])
    }

    private func challenge(isStale: Bool) -> SocketServer.Answer {
      nonce += 1
      used = 0
      let words = #"Digest realm="Wowza", nonce="n\#(nonce)", algorithm=MD5, qop="auth", stale=\#(isStale)"#
      return SocketServer.Answer(401, headers: [("WWW-Authenticate", words)])
    }
  }

  @Test("an engine that changes its mind is followed, whatever it asked for before")
  func changes() async throws {
    try await Given.standIns({ $0.engineSettings.authentication = Authentication.none }) { given in
      let client = try given.engine()
      var number = 0
      for authentication in [Authentication.none, .digestMD5, .basic, .digestSHA256, .none, .basic] {
        try await given.control(
          "PATCH", "/settings/engine/fra1", #"{"authentication":"\#(authentication.rawValue)"}"#)
        for _ in 0..<2 {
          number += 1
          try await client.createMapEntry(EngineMapEntryTests.single, named: "cam-\(number)", application: "live")
        }
      }
      #expect(try await client.mapEntries(application: "live").count == 12)
    }
  }

  @Test(
    "a setting that does not fit says what to write, and nothing was written",
    arguments: [
      (Authentication.basic, HTTPAuthentication.Scheme.digest, "write auth: basic"),
      (.digestMD5, .basic, "write auth: digest"),
    ])
  func hints(authentication: Authentication, scheme: HTTPAuthentication.Scheme, words: String) async throws {
    try await Given.standIns({ $0.engineSettings.authentication = authentication }) { given in
      let client = try given.engine(authentication: scheme)
      let error = try await providerError {
        try await client.createMapEntry(EngineMapEntryTests.single, named: "cam", application: "live")
      }
      #expect(error.status == 401 && error.delivery == .refused)
      #expect(error.hint?.contains(words) == true)
      #expect(try await given.engine(authentication: .negotiate).mapEntry("cam", application: "live") == nil)
    }
  }

  @Test("no credentials at all say which are wanted")
  func missing() async throws {
    try await Given.standIns { given in
      let error = try await providerError { try await given.engine(nil).serverStatus() }
      #expect(error.hint?.contains("write auth: basic, user and password") == true)
    }
  }

  @Test(
    "a write whose first question finds nobody was not sent", arguments: ["cutBeforeEffect", "status", "htmlError"])
  func unreached(kind: String) async throws {
    try await Given.standIns({ $0.engineSettings.authentication = .digestMD5 }) { given in
      try await given.fault(#"{"listener":"engine fra1","kind":"\#(kind)","status":503,"method":"GET","count":1}"#)
      let client = try given.engine()
      let error = try await providerError {
        try await client.createMapEntry(EngineMapEntryTests.single, named: "cam", application: "live")
      }
      #expect(error.delivery != .unknown)
      #expect(try await given.requests("POST", containing: "mapentries") == 0)
      try await client.createMapEntry(EngineMapEntryTests.single, named: "cam", application: "live")
    }
  }
}
