import JobQueue
import Testing

@testable import Presentation

@Suite("What is said of many jobs in one sentence")
struct SummaryTests {
  private func status(_ counts: [String: [String: Int]]) -> QueueStatus {
    QueueStatus(counts: counts, oldestReady: nil, nextDue: nil, workers: [])
  }

  @Test("a worker that ends by itself counts what it did, what it leaves of its queues, and says how to go on")
  func worker() {
    let states: [JobID: JobState] = [
      JobID(1): .completed, JobID(2): .completed, JobID(3): .dead, JobID(4): .held, JobID(5): .scheduled,
    ]
    let left = status(["a": ["scheduled": 1, "blocked": 2, "completed": 9], "b": ["ready": 4]])
    let failed = WorkSummary(states, left, queues: ["a"])
    #expect(failed.sentence == "2 jobs completed, 1 dead, 1 held; 1 scheduled, 2 blocked left")
    #expect(failed.next == nil)
    let good = WorkSummary([JobID(1): .completed], left, queues: ["a"])
    #expect(good.sentence == "1 job completed; 1 scheduled, 2 blocked left")
    #expect(good.next?.contains("--wait-for-scheduled") == true)
    let idle = WorkSummary([:], status([:]), queues: ["a"])
    #expect(idle.sentence == "no job was ready")
    #expect(idle.next == "rundown status")
    #expect(good.facts.contains { $0 == ("completed", "1") } && good.facts.contains { $0 == ("blocked-left", "2") })
  }

  @Test("of scheduled jobs the next and the last are named, unless they are due in a moment")
  func scheduled() {
    func job(_ id: Int64, in seconds: Int) -> Job {
      var job = Screens.job(id, .scheduled, "k", nil)
      job.runAt = Screens.times.now + .seconds(seconds)
      job.waitReason = nil
      return job
    }
    func sentence(_ jobs: [Job]) -> String? {
      ScheduledJobs.sentence(jobs, notice: .seconds(2), Screens.times)
    }
    #expect(sentence([job(1, in: 1)]) == nil)
    #expect(sentence([Screens.job(1, .ready, "k", nil)]) == nil)
    #expect(sentence([job(7, in: 60)]) == "waiting for job 7, which is scheduled for 02:01:00Z (in 1m00s)")
    #expect(
      sentence([job(8, in: 120), job(7, in: 60), job(9, in: 1)])
        == "waiting for 2 scheduled jobs: job 7 runs at 02:01:00Z (in 1m00s), the last one at 02:02:00Z (in 2m00s)")
  }

  @Test(
    "a failure is shown with its code, unless its message already contains it",
    arguments: [
      ("differs", "stream target 7 differs: name", "stream target 7 differs: name"),
      ("401", "GET /v2: 401 Unauthorized", "GET /v2: 401 Unauthorized"),
      ("connect", "the connection was refused", "connect: the connection was refused"),
    ])
  func failure(code: String, message: String, told: String) {
    #expect(FailureText.of(Failure(code: code, message: message)) == told)
  }
}
