import JobQueue
import JobQueueTestKit
import StreamingJobs
import TestServers
import Testing
import WowzaVideoClient

@Suite("The start of a live stream whose state lags behind what it does")
struct LiveStreamStartTests {
  private let parameters = RestreamTests.parameters

  @Test(
    "is waited for up to the limit, whether the service refuses a repeated start or takes it",
    arguments: [5, 60, 200], [VideoSettings.RepeatedStart.refused, .accepted])
  func lags(seconds: Double, repeated: VideoSettings.RepeatedStart) async throws {
    try await Given.standIns({
      $0.videoSettings.stateLag = seconds
      $0.videoSettings.repeatedStart = repeated
    }) { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      let job = try await given.outcome(of: parameters)
      #expect(job.state == .completed && job.failures == 0)
      #expect(try await given.videoCount("createdLiveStreams") == 1)
    }
  }

  @Test("ends the job only when the limit is over")
  func limit() async throws {
    try await Given.standIns({ $0.videoSettings.stateLag = 3600 }) { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      let begin = given.clock.now()
      let job = try await given.outcome(of: parameters)
      #expect(job.lastFailure?.code == "start-stuck")
      #expect(given.clock.now() - begin >= .seconds(300) && given.clock.now() - begin < .seconds(320))
    }
  }

  // this worker                          somebody in the account
  // state: stopped, a minute old
  //                                      has started it long ago
  // start: 422, again and again
  // state: started
  @Test("a start that is refused because of the state counts for nothing, however often")
  func refused() async throws {
    try await Given.standIns({ $0.videoSettings.stateLag = 60 }) { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      let id = try await given.enqueue(parameters)
      let account = try await given.clients.wowzaVideo("main")
      let job = try await given.run(
        id,
        // The first one is that of the claim.
        Meanwhile(at: .resultRecorded, arrival: 2) {
          let stream = try #require(try await account.liveStreams().first)
          _ = try await account.startLiveStream(stream.id)
        })
      #expect(job.state == .completed && job.failures == 0)
      #expect(try await given.videoCount("starts") == 1)
    }
  }

  @Test("a new live stream that is not found in its first seconds is waited for", arguments: [true, false])
  func hidden(start: Bool) async throws {
    try await Given.standIns({ $0.videoSettings.hiddenSeconds = 10 }) { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      var parameters = parameters
      parameters.start = start
      let id = try await given.enqueue(parameters)
      try await given.attempt()
      #expect(try await given.job(id).waitReason?.contains("is not visible yet") == true)
      let job = try await given.run(id)
      #expect(job.state == .completed && job.failures == 0)
      #expect(try await given.videoCount("createdLiveStreams") == 1)
    }
  }

  @Test("one that is still not found after two minutes is gone")
  func gone() async throws {
    try await Given.standIns({ $0.videoSettings.hiddenSeconds = 3600 }) { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      let begin = given.clock.now()
      let job = try await given.outcome(of: parameters)
      #expect(job.state == .dead && job.lastFailure?.code == "vanished")
      #expect(given.clock.now() - begin >= .seconds(120) && given.clock.now() - begin < .seconds(140))
      #expect(try await given.videoCount("createdLiveStreams") == 1)
    }
  }

  @Test("a start whose answer is lost or redirected is asked for again at once, and does not end the job")
  func lost() async throws {
    try await Given.standIns { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      try await given.fault(#"{"listener":"video","kind":"cutBeforeEffect","method":"PUT","count":3}"#)
      try await given.fault(#"{"listener":"video","kind":"status","status":302,"method":"PUT","count":1}"#)
      let job = try await given.outcome(of: parameters)
      #expect(job.state == .completed)
      #expect((1...4).contains(job.failures), "\(job.failures)")
      #expect(try await given.videoCount("starts") == 1)
    }
  }
}
