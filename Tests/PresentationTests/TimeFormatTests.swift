import Glibc
import JobQueue
import Presentation
import Testing

@Suite("Moments as a person reads them")
struct TimeFormatTests {
  private let now = Timestamp(milliseconds: 1_795_831_200_000)  // 2026-11-28 02:00:00Z

  @Test("in UTC with a Z; the day stands in front when it is not today's")
  func utc() {
    let times = TimeFormat(now: now, zone: .utc)
    #expect(times.absolute(now) == "2026-11-28 02:00:00Z")
    #expect(times.clock(now + .seconds(61)) == "02:01:01Z")
    #expect(times.clock(now - .seconds(7201)) == "2026-11-27 23:59:59Z")
    #expect(times.slot(now + .seconds(61)) == "02:01:01Z (in 1m01s)")
    #expect(times.slot(now + .seconds(86_400)) == "2026-11-29 02:00:00Z")
    #expect(TimeFormat(now: now, zone: .utc).absolute(Timestamp(milliseconds: -1)) == "1969-12-31 23:59:59Z")
  }
}
