import JobQueue
import JobQueueTestKit
import Testing

@Suite("The engine's rules")
struct RulesTests {
  @Test("a finished job leaves its state only by an operator's retry, a dead one also by a discard")
  func finishedStates() {
    for state in JobState.allCases where state.isFinished {
      #expect(state.successors.subtracting([.cancelled, .scheduled]) == [.ready, .blocked])
      // Back to its moment, when it was cancelled before that came.
      #expect(state.mayBecome(.scheduled) == (state == .cancelled))
      #expect(state.mayBecome(.cancelled) == (state == .dead))
    }
    for state in JobState.unfinished {
      #expect(state.mayBecome(.cancelled))
    }
    #expect(JobState.allCases.filter { $0.mayBecome(.running) } == [.ready])
  }

  @Test(
    "the backoff doubles from 2 s and never passes 10 min",
    arguments: zip([1, 2, 3, 9, 10, 40], [2, 4, 8, 512, 600, 600]))
  func backoff(failures: Int, seconds: Int) {
    #expect(RetryPolicy.standard.backoff(afterFailures: failures) == .seconds(seconds))
  }

  @Test("full jitter stays between zero and the backoff; what the other side asked for wins", arguments: 1...50)
  func jitter(seed: UInt64) {
    let random = SeededRandom(seed: seed)
    for failures in 1...14 {
      let delay = RetryPolicy.standard.delay(afterFailures: failures, random: random)
      #expect(delay >= .zero && delay <= RetryPolicy.standard.backoff(afterFailures: failures), "seed \(seed)")
      let asked = RetryPolicy.standard.delay(afterFailures: failures, requested: .seconds(90), random: random)
      #expect(asked >= .seconds(90) && asked <= .seconds(95), "seed \(seed)")
    }
  }

  @Test("moments saturate instead of overflowing")
  func saturation() {
    #expect(Timestamp(milliseconds: .max) + .seconds(1) == Timestamp(milliseconds: .max))
    #expect(Timestamp(milliseconds: .min) - .seconds(1) == Timestamp(milliseconds: .min))
    #expect(Timestamp(milliseconds: 1500) - Timestamp(milliseconds: 400) == .milliseconds(1100))
  }
}
