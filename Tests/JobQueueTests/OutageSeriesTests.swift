import JobQueue
import Testing

@Suite("What a gate remembers")
struct OutageSeriesTests {
  private let closure = GateClosure(base: .seconds(5), why: "a page", closesAtOnce: true, isByIntermediary: true)
  private let counted = CountedFailure(
    failure: Failure(code: "page", message: "a page"), again: .init(at: Timestamp(milliseconds: 9), why: "again"))

  private func lease(_ job: Int64) -> Lease { Lease(job: JobID(job), owner: WorkerID("w"), token: 1) }

  @Test("is read as it was written, and as an earlier version wrote it")
  func versions() throws {
    var gate = Gate(key: "g")
    let traits = JobTraits(kind: "work", concurrencyKey: "s/k")
    for job in 1...2 as ClosedRange<Int64> {
      _ = gate.decide(
        .suspectsOutage(closure, otherwise: counted), lease: lease(job), of: traits, at: Timestamp(milliseconds: job))
    }
    #expect(gate.series.selective.turnedAway == [JobID(1), JobID(2)])
    let written = try JSONText.encode(gate.series)
    #expect(try JSONText.decode(OutageSeries.self, from: written) == gate.series)
    let earlier = #"{"failures":[{"job":1,"at":5}],"hasClosed":true,"turnedAway":[{"job":1,"at":5}],"probes":[1]}"#
    let read = try JSONText.decode(OutageSeries.self, from: earlier)
    #expect(read.hasClosed && read.probes == [JobID(1)] && read.selective == OutageSeries().selective)
  }

  @Test("twice as many probes may try each time, and no more than are remembered")
  func tries() {
    #expect(
      (1...12).map { SelectiveAnswers.tries(afterClosures: $0) } == [1, 2, 4, 8, 16, 32, 64, 128, 256, 256, 256, 256])
  }
}
