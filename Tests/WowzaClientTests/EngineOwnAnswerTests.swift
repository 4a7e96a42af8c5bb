import HTTPTransport
import Testing
import WowzaEngineClient

/// A health page, a gateway or another product on the engine's port answers JSON as well, with names and versions, and
/// with an envelope like the engine's.
@Suite("JSON is the engine's own")
struct EngineOwnAnswerTests {
  /// A call, what the engine may answer to it, and what only others do.
  struct Read: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let own: [String]
    var foreign: [String] = []
    let ask: @Sendable (WowzaEngineClient) async throws -> Void
  }

  private static let others = [
    "{}", #"{"status":"ok"}"#, #"{"name":"lb-7","version":"1.4.2"}"#, #"{"serverName":"lb-7"}"#, #"{"data":null}"#,
    #"{"success":true}"#, #"{"success":true,"data":{"name":"lb-7"}}"#, #"{"profile":"default","version":"2"}"#,
  ]

  static let reads = [
    Read(
      testDescription: "status",
      own: [
        #"{"serverVersion":"4.8.27"}"#, #"{"restAPIAvailable":"true"}"#,
        #"{"success":true,"data":{"serverVersion":"4"}}"#,
      ],
      foreign: [#"{"serverName":"_defaultServer_"}"#], ask: { _ = try await $0.serverStatus() }),
    Read(
      testDescription: "applications",
      own: [#"{"applications":[]}"#, #"{"serverName":"_defaultServer_","applications":null}"#],
      foreign: [#"{"applications":null}"#, #"{"applications":{"web":"up"}}"#, #"{"serverName":"_defaultServer_"}"#],
      ask: { _ = try await $0.applications() }),
    Read(
      testDescription: "map entries",
      own: [#"{"mapEntries":[]}"#, #"{"serverName":"s","mapEntries":[{"entryName":"cam"}]}"#],
      foreign: [#"{"mapEntries":"none"}"#], ask: { _ = try await $0.mapEntries(application: "live") }),
    Read(
      testDescription: "map entry",
      own: [
        #"{"entryName":"cam"}"#, #"{"serverName":"_defaultServer_"}"#, #"{"serverName":"_defaultServer_","port":1935}"#,
        #"{"mapEntries":[]}"#, #"{"sourceStreamName":"cam","profile":"rtmp"}"#,
        #"{"success":true,"message":"","data":{"entryName":"cam","profile":"rtmp"}}"#,
      ],
      // Of that server, and of another kind.
      foreign: [#"{"serverName":"_defaultServer_","serverVersion":"4.8.27"}"#, #"{"name":"cam","version":"1"}"#],
      ask: { _ = try await $0.mapEntry("cam", application: "live") }),
  ]

  @Test("when it is a record of the kind asked for, and nothing else is", arguments: reads)
  func record(read: Read) async throws {
    for body in read.own {
      await #expect(throws: Never.self, "\(body)") { try await read.ask(ScriptedEngine(.answer(200, body)).client) }
    }
    for body in read.foreign + Self.others {
      let error = try await providerError { try await read.ask(ScriptedEngine(.answer(200, body)).client) }
      #expect(error.code == ProviderError.foreignAnswer && !error.isFromProvider, "\(body)")
    }
  }

  private static let status = ScriptedTransport.Line.answer(200, #"{"serverVersion":"4.7.0"}"#)
  private static let applications = ScriptedTransport.Line.answer(200, #"{"applications":[{"id":"live"}]}"#)
  /// As older builds may write them, and many others do.
  private static let envelopes = [
    #"{"success":false,"code":"404","message":"no such thing"}"#, #"{"success":false}"#,
    #"{"success":false,"code":404}"#,
  ]

  @Test("when it has an envelope that others have too, and the engine answers something ordinary as itself")
  func confirmed() async throws {
    for body in Self.envelopes {
      let absent = ScriptedTransport.Line.answer(404, body)
      for lines in [[absent, Self.status], [absent, absent, Self.applications]] {
        let engine = ScriptedEngine(ScriptedTransport(lines))
        #expect(try await engine.client.mapEntry("cam", application: "live") == nil)
      }
      // A write is refused so, and nothing happened.
      let engine = ScriptedEngine(absent, Self.status)
      let error = try await providerError {
        try await engine.client.createMapEntry(EngineMapEntryTests.single, named: "cam", application: "none")
      }
      #expect(error.status == 404 && error.delivery == .refused && error.isFromProvider)
    }
    let done = ScriptedEngine(.answer(200, #"{"success":true,"message":"Saved"}"#), Self.status)
    try await done.client.enableMapEntry("cam", application: "live")
  }

  @Test("and never when nothing ordinary is answered by the engine")
  func unconfirmed() async throws {
    let page = ScriptedTransport.Line.answer(200, #"{"status":"ok"}"#)
    for body in Self.envelopes {
      let absent = ScriptedTransport.Line.answer(404, body)
      for lines in [[absent, absent, absent], [absent, page, page], [absent, .failure(.connect, .notSent)]] {
        let engine = ScriptedEngine(ScriptedTransport(lines))
        let error = try await providerError { try await engine.client.mapEntry("cam", application: "live") }
        #expect(error.code == ProviderError.foreignAnswer && error.status == nil, "\(body)")
      }
    }
    let write = ScriptedEngine(.answer(200, #"{"success":true}"#), page, page)
    let error = try await providerError { try await write.client.enableMapEntry("cam", application: "live") }
    #expect(error.code == ProviderError.foreignAnswer && error.delivery == .unknown)
  }

  @Test("its documented envelopes are taken as they are: one request")
  func documented() async throws {
    let absent = #"{"message":"x","success":false,"code":"404","wowzaServer":"4.8.27"}"#
    let engine = ScriptedEngine(.answer(404, absent), EngineMapEntryTests.saved)
    #expect(try await engine.client.mapEntry("cam", application: "live") == nil)
    try await engine.client.createMapEntry(EngineMapEntryTests.single, named: "cam", application: "live")
    #expect(await engine.transport.requests.count == 2)
  }
}
