import JobQueue
import JobQueueTestKit
import Testing

@testable import StreamingJobs

@Suite("A time range in which no job starts")
struct BlackoutTests {
  private static func at(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: 1_795_262_400_000 + seconds * 1000) }

  @Test("is read back as it was written")
  func text() {
    let spans = [Blackout(from: Self.at(0), to: Self.at(36_000)), Blackout(from: Self.at(86_400), to: Self.at(90_000))]
    let text = Blackout.text(of: spans)
    #expect(
      text
        == "2026-11-21T12:00:00Z/2026-11-21T22:00:00Z,2026-11-22T12:00:00Z/2026-11-22T13:00:00Z")
    #expect(Blackout.spans(in: text) == spans)
  }

  @Test("fits a label as often as a manifest may name one")
  func fits() {
    let spans = (0..<Blackout.most).map { Blackout(from: Self.at(Int64($0) * 100), to: Self.at(Int64($0) * 100 + 1)) }
    #expect(Blackout.text(of: spans).utf8.count <= JobLimits.nameBytes)
  }

  @Test(
    "lasts from its first moment to its last, also across ranges that adjoin; text that is not a range is ignored",
    arguments: [(-1, nil), (0, 200), (99, 200), (100, 200), (199, 200), (200, nil), (350, 400)] as [(Int64, Int64?)])
  func end(second: Int64, end: Int64?) {
    let spans = [
      Blackout(from: Self.at(100), to: Self.at(200)), Blackout(from: Self.at(300), to: Self.at(400)),
      Blackout(from: Self.at(0), to: Self.at(100)),
    ]
    let labels = [Blackout.label: Blackout.text(of: spans) + ",never,x/y"]
    #expect(Blackout.end(for: labels, at: Self.at(second)) == end.map(Self.at))
    #expect(Blackout.end(for: ["other": "x"], at: Self.at(second)) == nil)
  }

  @Test("keeps a job from asking anybody until it is over, and costs it no attempt")
  func job() async throws {
    try await Given.standIns { given in
      let now = given.clock.now()
      let span = Blackout(from: now - .seconds(10), to: now + .seconds(3600))
      let id = try await JobQueue(store: given.store, clock: given.clock).enqueue(
        MapEntryTests.single, EnqueueOptions(labels: [Blackout.label: Blackout.text(of: [span])])
      ).id
      #expect(try await given.attempt())
      var job = try await given.job(id)
      #expect(job.state == .scheduled && job.failures == 0)
      #expect(job.runAt == Timestamp(milliseconds: span.to.milliseconds / 1000 * 1000))
      #expect(try await given.mapEntries().isEmpty)
      given.clock.advance(by: .seconds(3600))
      _ = try await given.store.promoteDue(at: given.clock.now(), limit: 10)
      #expect(try await given.attempt())
      job = try await given.job(id)
      #expect(job.state == .completed)
      #expect(try await given.mapEntries().count == 1)
    }
  }
}
