import FoundationEssentials
import JobQueue
import JobQueueTestKit
import StreamingJobs
import TestServers
import Testing

@Suite("Secrets of connections and push keys")
struct CanaryTests {
  @Test("appear nowhere in what jobs leave behind, whatever happens to them")
  func canary() async throws {
    try await Given.standIns { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      var replaced = MapEntryTests.single
      replaced.entryName = "cam-02-s3"
      replaced.onExisting = .replace
      var refused = MapEntryTests.single
      refused.entryName = "cam-03-s3"
      for name in [replaced.entryName, refused.entryName] { try await given.putEntry(name, Self.entry) }
      for fault in Self.faults { try await given.fault(fault) }
      var missing = MapEntryTests.single
      missing.application = "nowhere"
      var ids = [JobID]()
      for parameters in [MapEntryTests.single, MapEntryTests.adaptive, replaced, refused, missing] {
        ids.append(try await given.enqueue(parameters))
      }
      ids.append(try await given.enqueue(FastlyTargetTests.parameters))
      ids.append(try await given.enqueue(RestreamTests.parameters))
      for id in ids { try await given.run(id) }
      guard case .array(let faults)? = try await given.control("GET", "/faults")["faults"] else { return }
      #expect(faults.count == Self.faults.count && faults.allSatisfy { $0["applied"] != 0 })
      let left = try await given.everything(ids)
      // The text is what it should be, so that its silence means something.
      for word in [
        "cam-01-s3", "POST http://127.0.0.1", "completed", "differs", "playlist", "cloudstorage.accessID differs",
      ] {
        #expect(left.contains(word), "\(word)")
      }
      #expect(!left.contains("canary"))
      #expect(!left.contains("AKIDEXAMPLE"))
      let basic = Data("\(Given.engineUser):\(Given.enginePassword)".utf8).base64EncodedString()
      #expect(!left.contains(basic))
    }
  }

  private static let faults = [
    #"{"listener":"engine fra1","kind":"unauthorized","method":"POST","count":1}"#,
    #"{"listener":"engine fra1","kind":"malformedJSON","count":3}"#,
    #"{"listener":"engine fra1","kind":"cutAfterEffect","count":1}"#,
    #"{"listener":"engine fra1","kind":"htmlError","count":2}"#,
    #"{"listener":"video","kind":"code401","code":"ERR-401-InvalidToken","count":1}"#,
    #"{"listener":"video","kind":"malformedJSON","count":2}"#,
    #"{"listener":"video","kind":"status","status":500,"count":1}"#,
  ]

  /// Another's entry, with another's key.
  private static let entry = """
    {"sourceStreamName":"cam-99","profile":"cupertino-cloudstorage","userName":"u","password":"canary-rtmp-password",
     "extraOptions":{"cloudstorage.accessID":"AKIDEXAMPLE2","cloudstorage.secretAccessKey":"canary-other-secret"}}
    """
}

extension Given {
  /// All that the store holds of these jobs, as text.
  fileprivate func everything(_ ids: [JobID]) async throws -> String {
    var text = ""
    for id in ids {
      dump(try await job(id), to: &text)
      dump(try await store.journal(of: id), to: &text)
      dump(try await store.attempts(of: id), to: &text)
    }
    return text
  }
}
