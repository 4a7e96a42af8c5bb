import HTTPTransport
import Testing
import WowzaVideoClient

@Suite("What a disturbed call to Wowza Video leaves behind")
struct VideoFaultTests {
  @Test("a connection cut after the effect is of unknown outcome, and looking finds what was made")
  func cutAfter() async throws {
    try await Given.standIns { given in
      try await given.fault(#"{"listener":"video","kind":"cutAfterEffect","count":1}"#)
      let client = try given.video()
      let error = try await providerError { try await client.createStreamTarget(NewStreamTarget(name: "cdn")) }
      #expect(error.delivery == .unknown)
      #expect(error.status == nil)
      let found = try await client.fastlyTargets(named: "cdn")
      #expect(found.count == 1)
    }
  }

  @Test("a connection cut before the effect is of unknown outcome, and looking finds nothing")
  func cutBefore() async throws {
    try await Given.standIns { given in
      try await given.fault(#"{"listener":"video","kind":"cutBeforeEffect","count":1}"#)
      let client = try given.video()
      let error = try await providerError { try await client.createStreamTarget(NewStreamTarget(name: "cdn")) }
      #expect(error.delivery == .unknown)
      let found = try await client.fastlyTargets(named: "cdn")
      #expect(found.isEmpty)
    }
  }

  @Test("a server that answers too late is of unknown outcome, and what it did is found", .timeLimit(.minutes(20)))
  func slow() async throws {
    try await Given.standIns { given in
      // The effect comes first; the answer would take far longer than the test.
      try await given.fault(
        #"{"listener":"video","kind":"slow","when":"after","delayMilliseconds":600000,"method":"POST","count":1}"#)
      let hasty = try given.video(timeouts: HTTPTimeouts(total: .seconds(5)))
      let error = try await providerError { try await hasty.createStreamTarget(NewStreamTarget(name: "cdn")) }
      #expect(error.code == "timeout")
      #expect(error.delivery == .unknown)
      // On a busy machine the server may come to it after the client gave up.
      let patient = try given.video()
      var found = try await patient.fastlyTargets(named: "cdn")
      while found.isEmpty { found = try await patient.fastlyTargets(named: "cdn") }
      #expect(found.count == 1)
    }
  }

  @Test("a gateway's page after the effect is of unknown outcome")
  func gatewayPage() async throws {
    try await Given.standIns { given in
      try await given.fault(#"{"listener":"video","kind":"htmlError","when":"after","count":1}"#)
      let client = try given.video()
      let error = try await providerError { try await client.createStreamTarget(NewStreamTarget(name: "cdn")) }
      #expect(error.code == "foreign-answer")
      #expect(error.delivery == .unknown)
      let found = try await client.fastlyTargets(named: "cdn")
      #expect(found.count == 1)
    }
  }

  @Test("half a JSON text is of unknown outcome for a write and a refusal for a read")
  func halfAnswer() async throws {
    try await Given.standIns { given in
      try await given.fault(#"{"listener":"video","kind":"malformedJSON","count":2}"#)
      let client = try given.video()
      let writing = try await providerError { try await client.createStreamTarget(NewStreamTarget(name: "cdn")) }
      #expect(writing.status == 201)
      #expect(writing.delivery == .unknown)
      let reading = try await providerError { try await client.fastlyTargets(named: "cdn") }
      #expect(reading.delivery == .refused)
      let found = try await client.fastlyTargets(named: "cdn")
      #expect(found.count == 1)
    }
  }

  @Test("a server that is down was never asked")
  func down() async throws {
    try await Given.standIns { given in
      try await given.fault(#"{"listener":"video","kind":"down","durationSeconds":600}"#)
      let error = try await providerError {
        try await given.video().createStreamTarget(NewStreamTarget(name: "cdn"))
      }
      #expect(error.code == "connect")
      #expect(error.delivery == .notSent)
    }
  }

  @Test("no write is repeated by the client itself")
  func noRepeats() async throws {
    try await Given.standIns { given in
      try await given.fault(#"{"listener":"video","kind":"status","status":500}"#)
      let client = try given.video()
      _ = try await providerError { try await client.createStreamTarget(NewStreamTarget(name: "cdn")) }
      let posts = try await given.requests("POST", containing: "stream_targets")
      #expect(posts == 1)
    }
  }
}
