import HTTPTransport
import Secrets
import TestServers
import Testing
import WowzaEngineClient

@Suite("Errors of a Streaming Engine")
struct EngineErrorTests {
  @Test(
    "a client that negotiates works whatever the engine asks for",
    arguments: EngineSettings.Authentication.allCases)
  func negotiates(authentication: EngineSettings.Authentication) async throws {
    try await Given.standIns({ $0.engineSettings.authentication = authentication }) { given in
      let client = try given.engine(authentication == .none ? nil : Given.engineAccount)
      try await client.createMapEntry(EngineMapEntryTests.single, named: "cam", application: "live")
      let read = try await client.mapEntry("cam", application: "live")
      #expect(read?.extraOptions == EngineMapEntryTests.storage)
    }
  }

  @Test(
    "wrong credentials are told with what the engine asks for",
    arguments: [
      (EngineSettings.Authentication.basic, "asks for Basic"), (.digestMD5, "asks for Digest algorithm=md5"),
      (.digestSHA256, "asks for Digest algorithm=sha-256"),
    ])
  func unauthorized(authentication: EngineSettings.Authentication, words: String) async throws {
    try await Given.standIns({ $0.engineSettings.authentication = authentication }) { given in
      let wrong = WowzaEngineCredentials(user: Secret("wse"), password: Secret("canary-password"))
      let error = try await providerError {
        try await given.engine(wrong).createMapEntry(EngineMapEntryTests.single, named: "cam", application: "live")
      }
      #expect(error.status == 401)
      #expect(error.code == "401")
      #expect(error.message.contains(words))
      #expect(error.delivery == .refused)
      #expect(error.hint?.contains("password") == true)
      #expect(!"\(error)".contains("canary"))
    }
  }

  @Test(
    "a connection cut after the effect is of unknown outcome, and the entry is there",
    arguments: ["basic", "digest-md5"])
  func cutAfter(authentication: String) async throws {
    try await Given.standIns { given in
      try await given.control("PATCH", "/settings/engine/fra1", #"{"authentication":"\#(authentication)"}"#)
      try await given.fault(#"{"listener":"engine fra1","kind":"cutAfterEffect","count":1}"#)
      let client = try given.engine()
      let error = try await providerError {
        try await client.createMapEntry(EngineMapEntryTests.single, named: "cam", application: "live")
      }
      #expect(error.delivery == .unknown)
      let entry = try await client.mapEntry("cam", application: "live")
      #expect(entry?.entryName == "cam")
    }
  }

  @Test(
    "a busy engine tells when to come back; only with 429 it surely did nothing",
    arguments: [(429, Delivery.refused), (503, .unknown)])
  func busy(status: Int, delivery: Delivery) async throws {
    try await Given.standIns { given in
      try await given.fault(
        #"{"listener":"engine fra1","kind":"status","status":\#(status),"retryAfterSeconds":9,"method":"POST","count":1}"#
      )
      let client = try given.engine()
      let error = try await providerError {
        try await client.createMapEntry(EngineMapEntryTests.single, named: "cam", application: "live")
      }
      #expect(error.retryAfter == .seconds(9))
      #expect(error.delivery == delivery)
      let entry = try await client.mapEntry("cam", application: "live")
      #expect(entry == nil)
    }
  }

  /// Status, what a read and what a write must say of it.
  @Test(
    "HTML pages are not the engine's, and say whether a write may have happened",
    arguments: [
      (200, Delivery.refused, Delivery.unknown), (401, .refused, .unknown), (403, .refused, .unknown),
      (404, .refused, .unknown), (500, .refused, .unknown), (502, .refused, .unknown), (503, .refused, .unknown),
      (504, .refused, .unknown),
    ])
  func htmlPages(status: Int, read: Delivery, write: Delivery) async throws {
    let page = ScriptedTransport.Line.answer(
      status, "<html><body>Sorry</body></html>", headers: ["Content-Type": "text/html"])
    let engine = ScriptedEngine(page, page)
    let reading = try await providerError { try await engine.client.mapEntries(application: "live") }
    #expect(!reading.isFromProvider)
    #expect(reading.delivery == read)
    #expect(reading.message == "answered \(status), not JSON but text/html: <html><body>Sorry</body></html>")
    let writing = try await providerError {
      try await engine.client.createMapEntry(EngineMapEntryTests.single, named: "cam", application: "live")
    }
    #expect(writing.delivery == write)
  }

  @Test("success false is a refusal whatever the status, and a code may be a number")
  func successFalse() async throws {
    let engine = ScriptedEngine(
      .answer(200, #"{"success":false,"code":400,"message":"bad\nname","wowzaServer":"4.8.27"}"#),
      .answer(200, #"{"data":null}"#))
    let refused = try await providerError { try await engine.client.disableMapEntry("cam", application: "live") }
    #expect(refused.code == "400")
    #expect(refused.message == "bad name")
    #expect(refused.delivery == .refused)
    let unclear = try await providerError { try await engine.client.disableMapEntry("cam", application: "live") }
    #expect(unclear.code == "undecodable-answer")
    #expect(unclear.delivery == .unknown)
  }

  @Test("the source of credentials may fail, and nothing is sent")
  func credentialSource() async throws {
    struct Leaky: Error, CustomStringConvertible { let description = "cannot read canary" }
    let transport = ScriptedTransport([])
    let client = WowzaEngineClient(
      transport: transport, baseURL: "http://engine.example.net:8087", credentials: { throw Leaky() })
    let error = try await providerError { try await client.serverStatus() }
    #expect(error.code == "no-credentials")
    #expect(error.delivery == .notSent)
    #expect(error.message.contains("Leaky"))
    #expect(!"\(error)".contains("canary"))
    let asked = await transport.asked
    #expect(asked.isEmpty)
  }

  @Test(
    "secrets that an engine sends back are in no error",
    arguments: [
      (401, #"{"success":false,"code":"canary-password","message":"canary-user canary-password is wrong"}"#),
      (400, #"{"success":false,"message":"canary-storage and canary-push are not accepted"}"#),
      (400, "<html>" + String(repeating: ".", count: 46) + "canary-storage</html>"),
      (200, #"{"password":"canary-push","#),
    ])
  func echoed(status: Int, body: String) async throws {
    let engine = ScriptedEngine(.answer(status, body))
    var entry = EngineMapEntryTests.single
    entry.extraOptions?.secretAccessKey = Secret("canary-storage")
    entry.additional["password"] = .string("canary-push")
    let sent = entry
    let error = try await providerError {
      try await engine.client.createMapEntry(sent, named: "cam", application: "live")
    }
    var shown = "\(error) \(String(reflecting: error))"
    dump(error, to: &shown)
    dump(sent, to: &shown)
    shown += "\(sent) \(String(reflecting: sent))"
    #expect(!shown.contains("canary"))
  }
}
