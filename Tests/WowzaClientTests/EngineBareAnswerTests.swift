import HTTPTransport
import Testing
import WowzaEngineClient

/// A 204 without a body is no answer that the engine is known to give to a write, and one that captive portals give to
/// everything.
@Suite("A success that says nothing")
struct EngineBareAnswerTests {
  private static let bare = ScriptedTransport.Line.answer(204, "", headers: [:])
  private static let entry = #"{"entryName":"cam","sourceStreamName":"cam-01","profile":"rtmp"}"#
  private static let absent = ScriptedTransport.Line.answer(
    404, #"{"success":false,"code":"404","message":"no such thing","wowzaServer":"4.8.27"}"#)

  private func create(_ lines: ScriptedTransport.Line...) async throws {
    let engine = ScriptedEngine(ScriptedTransport(lines))
    try await engine.client.createMapEntry(EngineMapEntryTests.single, named: "cam", application: "live")
  }

  private func replace(_ lines: ScriptedTransport.Line...) async throws {
    let engine = ScriptedEngine(ScriptedTransport(lines))
    _ = try await engine.client.updateMapEntry("cam", application: "live") { $0.sourceStreamName = "cam-02" }
  }

  private func delete(_ lines: ScriptedTransport.Line...) async throws {
    try await ScriptedEngine(ScriptedTransport(lines)).client.deleteMapEntry("cam", application: "live")
  }

  @Test("to a write is taken when what is there afterwards shows it")
  func seen() async throws {
    try await create(Self.bare, .answer(200, Self.entry))
    let changed = Self.entry.replacing("cam-01", with: "cam-02")
    try await replace(.answer(200, Self.entry), .answer(200, Self.entry), Self.bare, .answer(200, changed))
    try await delete(Self.bare, Self.absent)
  }

  @Test("to a write that is not to be seen afterwards is somebody else's, and nobody knows what became of the write")
  func unseen() async throws {
    let attempts: [() async throws -> Void] = [
      { try await create(Self.bare, Self.absent) }, { try await create(Self.bare, Self.bare) },
      { try await create(Self.bare, .failure(.connect, .notSent)) },
      {
        let there = ScriptedTransport.Line.answer(200, Self.entry)
        try await replace(there, there, Self.bare, there)
      },
      { try await delete(Self.bare, .answer(200, Self.entry)) }, { try await delete(Self.bare, Self.bare) },
    ]
    for attempt in attempts {
      let error = try await providerError(attempt)
      #expect(error.code == ProviderError.foreignAnswer && error.delivery == .unknown && !error.isFromProvider)
      #expect(error.message.contains("204"))
    }
  }

  @Test("to a read never means that there is nothing", arguments: [(204, ""), (200, ""), (200, #"{"success":true}"#)])
  func read(status: Int, body: String) async throws {
    let engine = ScriptedEngine(ScriptedTransport([.answer(status, body, headers: [:])]))
    let error = try await providerError { try await engine.client.mapEntry("cam", application: "live") }
    #expect(error.code == ProviderError.foreignAnswer && !error.isFromProvider)
  }
}
