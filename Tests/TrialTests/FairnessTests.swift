import FoundationEssentials
import JobQueue
import Testing

extension Trials {
  @Suite("Eight worker processes on one file", .timeLimit(.minutes(20)))
  struct FairnessTests {
    private static let processes = 8
    /// The longest that a write may wait, in microseconds. On a machine that does nothing else a time is a property of the
    /// program; anywhere else it only tells that nobody starves.
    private static let longestWait =
      ProcessInfo.processInfo.environment["RUNDOWN_TIMED"] == "1" ? 250_000 : 5_000_000

    @Test("each get at least half their share in ten seconds, and none ever sees the file locked")
    func share() async throws {
      try await Stage.open { stage in
        #expect(try await stage.enqueue("count=60000", "batch=10000").end().status == 0)
        // They begin at the same moment, long enough from now for all of them to have started.
        let begin = SystemClock().now().milliseconds + 3000
        var workers: [Child] = []
        for _ in 0..<Self.processes {
          workers.append(try await stage.work("slots=4", "begin=\(begin)", "lasts=10000"))
        }
        var reports: [Report] = []
        for worker in workers { reports.append(try await worker.end().report()) }
        let total = reports.map(\.recorded).reduce(0, +)
        let longest = (reports.map(\.longestWriteMicroseconds).max() ?? 0) / 1000
        print("eight workers: \(reports.map(\.recorded).sorted()) of \(total) jobs, longest write \(longest) ms")
        #expect(try Inspection(stage, atEnd: false).unfinished > 0, "they had nothing to share any more")
        for report in reports {
          #expect(report.recorded * Self.processes * 2 >= total)
          #expect(report.errors.isEmpty)
          // As in production, most jobs come with the end of another one.
          #expect(report.relayed * 2 > report.recorded)
          #expect(report.longestWriteMicroseconds < Self.longestWait)
        }
        #expect(try Inspection(stage, atEnd: false).problems.isEmpty)
      }
    }
  }
}
