import JobQueue
import JobQueueTestKit
import JobWorker
import Logging
import Testing

@Suite("What a worker logs", .timeLimit(.minutes(20)))
struct LogTests {
  @Test("the end of an attempt with job, kind, attempt, outcome and duration, never with its payload")
  func attempt() async throws {
    var given = Given()
    let lines = LogLines()
    given.log(to: lines)
    let gate = Gate()
    given.work { _ in
      try await gate.pass()
      throw JobSignal.dead(Failure(code: "gone", message: "the bucket is gone"))
    }
    let id = try await given.enqueue(try Work(name: "canary-payload").newJob())[0]
    let worker = given.startWorker()
    await given.log.wait(\.isLeased)
    await given.advance(to: given.at(4))
    await gate.open()
    await given.log.wait(\.isRecorded)
    await given.end(worker)

    let ended = try #require(lines.all.first { $0.message == "attempt ended" })
    #expect(ended.level == .notice)
    #expect(
      ended.metadata == [
        "job": "\(id)", "kind": "work", "attempt": "1", "outcome": "dead", "ms": "4000", "code": "gone",
        "cause": "the bucket is gone",
      ])
    #expect(!lines.all.contains { "\($0)".contains("canary-payload") })
  }
}
