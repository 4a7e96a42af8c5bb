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

  @Test("a nonce that ran out costs one more request, and the write is done once")
  func stale() async throws {
    try await Given.standIns({
      $0.engineSettings.authentication = .digestMD5
      $0.engineSettings.nonceLifetime = 0
    }) { given in
      let client = try given.engine()
      // Each nonce is old at once; only a write whose first copy was refused is sent again.
      let error = try await providerError {
        try await client.createMapEntry(EngineMapEntryTests.single, named: "cam", application: "live")
      }
      #expect(error.status == 401)
      try await given.control("PATCH", "/settings/engine/fra1", #"{"nonceLifetime":300}"#)
      try await client.createMapEntry(EngineMapEntryTests.single, named: "cam", application: "live")
      try await given.control("PATCH", "/settings/engine/fra1", #"{"nonceLifetime":0}"#)
      _ = try? await client.mapEntry("cam", application: "live")
      try await given.control("PATCH", "/settings/engine/fra1", #"{"nonceLifetime":300}"#)
      try await client.createMapEntry(EngineMapEntryTests.single, named: "cam-2", application: "live")
      #expect(try await client.mapEntries(application: "live").count == 2)
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
