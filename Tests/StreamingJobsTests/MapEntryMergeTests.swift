import FoundationEssentials
import HTTPTransport
import JobQueue
import JobQueueTestKit
import StreamingJobs
import TestServers
import Testing
import Threading
import WowzaEngineClient

@Suite("create-map-entry, when somebody else changes the entry meanwhile")
struct MapEntryMergeTests {
  private var replacing: CreateMapEntry {
    var parameters = MapEntryTests.single
    parameters.onExisting = .replace
    return parameters
  }

  /// The entry as it was, as a foreign hand writes it whole.
  private static func entry(source: String = "cam-02", _ more: String = #""foreign":"first""#) -> String {
    #"{"sourceStreamName":"\#(source)","profile":"cupertino-cloudstorage","enabled":true,\#(more)}"#
  }

  /// Changes the entry right after the job has asked something, before it hears the answer.
  private static func write(_ body: String, to port: UInt16) -> Bool {
    let pair = Data("\(Given.engineUser):\(Given.enginePassword)".utf8).base64EncodedString()
    let path = "/v2/servers/_defaultServer_/vhosts/_defaultVHost_/applications/live/pushpublish/mapentries/cam-01-s3"
    let answer = LoopbackPort.exchange(
      port: port, method: "PUT", path: path,
      headers: ["Authorization: Basic \(pair)", "Content-Type: application/json", "Accept: application/json"],
      body: body)
    return answer.map { (200..<300).contains($0.status) } ?? false
  }

  /// Runs a replacing job; somebody else writes the entry after these of the job's requests, one body for each.
  private func meanwhile(
    after requests: [String: String], settings: String? = nil, body: (Given, Job, [String]) async throws -> Void
  ) async throws {
    try await Given.standIns { given in
      if let settings { try await given.control("PATCH", "/settings/engine/fra1", settings) }
      try await given.putEntry("cam-01-s3", Self.entry())
      let port = try #require(given.standIns.ports.engines["fra1"].flatMap { UInt16(exactly: $0) })
      let asked = MutexBox([String]())
      let engine = try Relay(to: port) { ask, answer in
        guard ask.path.contains("/mapentries/") else { return answer }
        let name = asked.withLock { asked in
          let number = asked.count { $0.hasPrefix(ask.method) } + 1
          asked.append("\(ask.method) \(number)")
          return "\(ask.method) \(number)"
        }
        guard let body = requests[name] ?? requests["\(ask.method) *"] else { return answer }
        return Self.write(body, to: port) ? answer : Relay.Answer(599)
      }
      defer { engine.stop() }
      let video = try Relay(to: try #require(UInt16(exactly: given.standIns.ports.video)))
      defer { video.stop() }
      let job = try await given.led(through: video, engine).outcome(of: replacing)
      try await body(given, job, asked.withLock { $0 })
    }
  }

  // The job's requests: look, compare (GET 1 and 2); read, read again, write (GET 3 and 4, PUT 1); compare (GET 5).

  // worker                         somebody else            engine
  // GET                                                     foreign: first
  //                                PUT foreign: second
  // GET: changed, merged anew
  // PUT: ours, foreign: second
  @Test(
    "nobody's change is lost, whenever it comes before our write", arguments: ["GET 1", "GET 2", "GET 3"],
    [nil, #"{"optionsReading":"absent"}"#, #"{"optionsReading":"flat"}"#, #"{"optionsReading":"text"}"#])
  func merged(moment: String, settings: String?) async throws {
    try await meanwhile(after: [moment: Self.entry(#""foreign":"second","more":"yes""#)], settings: settings) {
      given, job, asked in
      #expect(job.state == .completed && job.failures == 0, "\(job)")
      let entry = try #require(try await given.mapEntries().first)
      #expect(entry["sourceStreamName"] == "cam-01" && entry["streamName"] == "cam-01")
      #expect(entry["foreign"] == "second" && entry["more"] == "yes", "\(entry)")
      #expect(asked.count { $0.hasPrefix("PUT") } == 1, "\(asked)")
    }
  }

  @Test("what somebody changes right after our write, and is not ours, stays theirs")
  func changedAfter() async throws {
    let theirs =
      #"{"sourceStreamName":"cam-01","streamName":"cam-01","profile":"cupertino-cloudstorage","foreign":"second"}"#
    try await meanwhile(after: ["PUT 1": theirs]) { given, job, asked in
      let entry = try #require(try await given.mapEntries().first)
      #expect(entry["foreign"] == "second")
      #expect(job.state == .completed && job.failures == 0, "\(job)")
      #expect(entry["sourceStreamName"] == "cam-01")
    }
  }

  // They write the whole entry again without what we asked for: it is merged anew into theirs.
  @Test("what somebody takes back right after our write is written again, with theirs kept")
  func takenBack() async throws {
    try await meanwhile(after: ["PUT 1": Self.entry(#""foreign":"second""#)]) { given, job, asked in
      #expect(job.state == .completed && job.failures == 0, "\(job)")
      let entry = try #require(try await given.mapEntries().first)
      #expect(entry["sourceStreamName"] == "cam-01" && entry["foreign"] == "second")
      #expect(asked.count { $0.hasPrefix("PUT") } == 2, "\(asked)")
    }
  }

  @Test("somebody who takes it back each time ends the job, which says so, and theirs stands")
  func takenBackAlways() async throws {
    try await meanwhile(after: ["PUT *": Self.entry(#""foreign":"second""#)]) { given, job, asked in
      #expect(job.state == .dead && job.lastFailure?.code == "differs", "\(job)")
      let entry = try #require(try await given.mapEntries().first)
      #expect(entry["sourceStreamName"] == "cam-02")
      #expect(asked.count { $0.hasPrefix("PUT") } == 3, "\(asked)")
    }
  }
}
