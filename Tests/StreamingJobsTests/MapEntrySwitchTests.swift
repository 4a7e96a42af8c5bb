import JobQueue
import JobQueueTestKit
import StreamingJobs
import TestServers
import Testing
import Threading
import WowzaEngineClient

@Suite("enable-map-entry and disable-map-entry")
struct MapEntrySwitchTests {
  private let on = EnableMapEntry(engine: "fra1", application: "live", entryName: "cam-01-s3")
  private let off = DisableMapEntry(engine: "fra1", application: "live", entryName: "cam-01-s3")

  /// Whether the engine lets the entry push; nil when there is none.
  private func isEnabled(_ given: Given) async throws -> Bool? {
    try await given.mapEntries().first?["enabled"].map { $0 == true }
  }

  @Test("an entry that is made disabled is quiet until it is enabled, and again once it is disabled")
  func walk() async throws {
    try await Given.standIns { given in
      var quiet = MapEntryTests.single
      quiet.enabled = false
      #expect(try await given.outcome(of: quiet).output(MapEntryResult.self).created)
      #expect(try await isEnabled(given) == false)
      let started = try await given.outcome(of: on).output(MapEntrySwitchResult.self)
      #expect(started.enabled && !started.unchanged && started.unread == nil)
      #expect(try await isEnabled(given) == true)
      #expect(try await given.outcome(of: on).output(MapEntrySwitchResult.self).unchanged)
      // Made again in the middle of the show, as by applying a sheet twice: nothing is switched off.
      #expect(try await given.outcome(of: quiet).output(MapEntryResult.self).unchanged)
      #expect(try await isEnabled(given) == true)
      #expect(try await given.outcome(of: off).output(MapEntrySwitchResult.self).enabled == false)
      #expect(try await isEnabled(given) == false)
      // Made again before or after the show, whatever may be replaced: nothing goes on air.
      for onExisting in CreateMapEntry.OnExisting.allCases {
        quiet.onExisting = onExisting
        #expect(try await given.outcome(of: quiet).output(MapEntryResult.self).unchanged)
        #expect(try await isEnabled(given) == false)
        quiet.sourceStream = onExisting == .replace ? "cam-01-backup" : "cam-01"
      }
      #expect(
        try await given.outcome(of: quiet).output(MapEntryResult.self).changed == ["sourceStreamName", "streamName"])
      #expect(try await isEnabled(given) == false)
      #expect(try await given.engineCount("created") == 1)
      #expect(try await given.engineCount("updated") == 1)
    }
  }

  @Test("cut anywhere, the entry is as asked in the end", arguments: FaultPoint.all)
  func cut(point: FaultPoint) async throws {
    try await Given.standIns { given in
      _ = try await given.outcome(of: MapEntryTests.single)
      let result = try await given.outcome(of: off, ScriptedFaults(at: point)).output(MapEntrySwitchResult.self)
      #expect(!result.enabled)
      #expect(try await isEnabled(given) == false)
    }
  }

  @Test(
    "a lost answer, one that is half told and a gateway's page leave the entry as asked",
    arguments: [
      #"{"listener":"engine fra1","kind":"cutAfterEffect","method":"PUT","count":1}"#,
      #"{"listener":"engine fra1","kind":"cutBeforeEffect","method":"PUT","count":1}"#,
      #"{"listener":"engine fra1","kind":"malformedJSON","method":"PUT","count":1}"#,
      #"{"listener":"engine fra1","kind":"htmlError","method":"PUT","when":"after","count":1}"#,
    ])
  func lostAnswer(fault: String) async throws {
    try await Given.standIns { given in
      _ = try await given.outcome(of: MapEntryTests.single)
      try await given.fault(fault)
      let job = try await given.outcome(of: off)
      #expect(job.state == .completed && job.failures <= 1)
      #expect(try await isEnabled(given) == false)
    }
  }

  @Test("an entry that never appears ends the job after two minutes, with what to look at")
  func noEntry() async throws {
    try await Given.standIns { given in
      let job = try await given.outcome(of: on)
      #expect(job.state == .dead && job.lastFailure?.code == "no-entry")
      #expect(job.lastFailure?.message == "no such map entry: cam-01-s3 of fra1/live")
    }
  }

  @Test("from its last moment on it is too late, and the engine is not asked")
  func tooLate() async throws {
    try await Given.standIns { given in
      var quiet = MapEntryTests.single
      quiet.enabled = false
      _ = try await given.outcome(of: quiet)
      var late = on
      late.notAfter = "1970-01-01T00:00:00Z"
      let job = try await given.outcome(of: late)
      #expect(job.state == .dead && job.lastFailure?.code == "too-late")
      #expect(try await isEnabled(given) == false)
      late.notAfter = "9999-12-31T23:59:59Z"
      #expect(try await given.outcome(of: late).state == .completed)
    }
  }

  // ours                                 the engine
  // asks, and hears no answer            enables the entry, or not
  //                                      its last moment passes
  // looks, and asks for nothing more
  @Test(
    "what was asked for in time and answered by nobody is looked at after its last moment, and not asked for again",
    arguments: [true, false])
  func lateAnswer(isDone: Bool) async throws {
    try await Given.standIns { given in
      var quiet = MapEntryTests.single
      quiet.enabled = false
      _ = try await given.outcome(of: quiet)
      let lost = isDone ? #""kind":"cutAfterEffect""# : #""kind":"status","status":500"#
      try await given.fault(#"{"listener":"engine fra1",\#(lost),"method":"PUT","count":1}"#)
      var start = on
      start.notAfter = UploadCall.moment(given.clock.now() + .seconds(2))
      let id = try await given.enqueue(start)
      try await given.attempt()
      given.clock.advance(by: .seconds(3600))
      let job = try await given.run(id)
      #expect(try await isEnabled(given) == isDone)
      if isDone {
        let result = try job.output(MapEntrySwitchResult.self)
        #expect(result.enabled && !result.unchanged, "\(result)")
      } else {
        #expect(job.state == .dead && job.lastFailure?.code == "too-late", "\(job)")
        #expect(job.lastFailure?.message.hasSuffix("it was asked for, and the entry is disabled") == true, "\(job)")
      }
    }
  }

  @Test("a refusal of what is so already is no failure", arguments: [400, 409, 500])
  func refusedWhenDone(status: Int) async throws {
    try await Given.relayed { ask, answer in
      guard ask.method == "PUT" else { return answer }
      return .json(
        status, #"{"success":false,"code":"\#(status)","message":"is so already","wowzaServer":"4.8.27"}"#)
    } body: { given in
      _ = try await given.outcome(of: MapEntryTests.single)
      let job = try await given.outcome(of: off)
      #expect(job.state == .completed && job.failures == 0, "\(job)")
      #expect(try await isEnabled(given) == false)
    }
  }

  @Test(
    "an entry that is to be made disabled is disabled where the engine does not tell whether it is, and the result says so"
  )
  func untold() async throws {
    let asked = MutexBox<[String]>([])
    try await Given.relayed { ask, answer in
      asked.withLock { $0.append("\(ask.method) \(ask.path)") }
      var answer = answer
      if ask.method == "GET" { answer.body.replace(#""enabled":false,"#, with: "") }
      return answer
    } body: { given in
      var quiet = MapEntryTests.single
      quiet.enabled = false
      let result = try await given.outcome(of: quiet).output(MapEntryResult.self)
      #expect(result.created && result.unread?.contains("enabled") == true, "\(result)")
      #expect(asked.withLock { $0.count { $0.hasPrefix("PUT ") && $0.hasSuffix("/actions/disable") } } == 1)
      #expect(try await isEnabled(given) == false)
    }
  }

  // Some engines may make entries that do not push yet, whatever they are asked for, or the other way round.
  @Test("an entry that the engine makes otherwise than it was asked for is switched", arguments: [true, false])
  func madeOtherwise(wanted: Bool) async throws {
    let isSwitched = MutexBox(false)
    try await Given.relayed { ask, answer in
      var answer = answer
      if ask.method == "PUT" { isSwitched.withLock { $0 = true } }
      guard ask.method == "GET", !isSwitched.withLock({ $0 }) else { return answer }
      answer.body.replace(#""enabled":\#(wanted)"#, with: #""enabled":\#(!wanted)"#)
      return answer
    } body: { given in
      var parameters = MapEntryTests.single
      parameters.enabled = wanted
      let result = try await given.outcome(of: parameters).output(MapEntryResult.self)
      let (wasSwitched, isOn) = (isSwitched.withLock { $0 }, try await isEnabled(given))
      #expect(result.created && wasSwitched && isOn == wanted, "\(result)")
    }
  }

  @Test("an entry that cannot be switched as it was to be made ends the job, after two minutes, with what it is")
  func neverSwitched() async throws {
    try await Given.relayed { ask, answer in
      var answer = answer
      if ask.method == "GET" { answer.body.replace(#""enabled":false"#, with: #""enabled":true"#) }
      return answer
    } body: { given in
      var quiet = MapEntryTests.single
      quiet.enabled = false
      let job = try await given.outcome(of: quiet)
      #expect(job.state == .dead && job.lastFailure?.code == "differs", "\(job)")
      #expect(job.lastFailure?.message.contains("does not stay disabled") == true)
    }
  }

  @Test("each planned moment of an entry is a job of its own, and a start is none of a stop")
  func keys() {
    var later = on
    later.occurrence = "2027-03-05T18:00Z"
    let keys = [on.uniqueKey, later.uniqueKey, off.uniqueKey]
    #expect(Set(keys).count == 3 && !keys.contains(nil))
    #expect(on.concurrencyKey == MapEntryTests.single.concurrencyKey && off.gate == MapEntryTests.single.gate)
  }

  @Test(
    "what cannot be right is refused before it is enqueued",
    arguments: [
      ("notAfter", EnableMapEntry(engine: "e", application: "a", entryName: "n", notAfter: "tomorrow")),
      ("notAfter", EnableMapEntry(engine: "e", application: "a", entryName: "n", notAfter: "2027-03-05T18:00")),
      ("entryName", EnableMapEntry(engine: "e", application: "a", entryName: "..")),
      ("application", EnableMapEntry(engine: "e", application: "a/b", entryName: "n")),
      ("occurrence", EnableMapEntry(engine: "e", application: "a", entryName: "n", occurrence: "")),
    ])
  func refused(field: String, parameters: EnableMapEntry) {
    #expect(parameters.validate().map(\.field) == [field])
  }
}
