import FoundationEssentials
import Testing

@testable import rundown_standins

@Suite("The time that a stand-in tells")
struct DateTests {
  @Test("is that of its own clock, in the form of HTTP")
  func ownClock() async throws {
    try await Given.standIns { given in
      let engine = try await given.engine("GET", Given.map)
      #expect(engine.headers["date"] == "Tue, 14 Nov 2023 22:13:20 GMT")
      given.clock.advance(61)
      let video = try await given.video("GET", "/api/v2.0/assets")
      #expect(video.headers["date"] == "Tue, 14 Nov 2023 22:14:21 GMT")
    }
  }
}
