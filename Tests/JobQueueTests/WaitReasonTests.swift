import JobQueue
import Testing

@Suite("What a job waits for")
struct WaitReasonTests {
  static let now = Timestamp(milliseconds: 5000)

  private func reason(_ parents: [(Int64, JobState)], awaiting predecessor: JobID? = nil) -> String? {
    WaitReason.blocked(by: parents.map { (id: JobID($0.0), state: $0.1) }, awaiting: predecessor)
  }

  @Test("is nothing when all parents are completed and nobody's end is awaited")
  func free() {
    #expect(reason([]) == nil)
    #expect(reason([(1, .completed), (2, .completed)]) == nil)
  }

  @Test("is its unfinished parents, each once and by number, at most five by name")
  func parents() {
    #expect(reason([(7, .ready), (1, .completed)]) == "waits for job 7")
    #expect(reason([(7, .ready), (3, .running), (7, .ready)]) == "waits for jobs 3, 7")
    #expect(reason((1...8).reversed().map { ($0, .blocked) }) == "waits for jobs 1, 2, 3, 4, 5 and 3 more")
  }

  @Test("is first of all a parent that only an operator brings back", arguments: [JobState.dead, .cancelled])
  func ended(state: JobState) {
    #expect(
      reason([(1, .ready), (4, state), (3, .completed)], awaiting: JobID(9))
        == "parent job 4 is \(state.rawValue); retry it to continue")
  }

  @Test("is the end of the cancelled job of its key when no parent is in the way")
  func predecessor() {
    #expect(reason([(1, .completed)], awaiting: JobID(9)) == "waits until the cancelled job 9 has ended")
    #expect(reason([(1, .ready)], awaiting: JobID(9)) == "waits for job 1")
  }

  @Test("decides its state, together with its moment")
  func release() {
    let later = Self.now + .milliseconds(1)
    #expect(JobRelease.state(waitingFor: "something", runAt: later, at: Self.now) == .blocked)
    #expect(JobRelease.state(runAt: later, at: Self.now) == .scheduled)
    #expect(JobRelease.state(runAt: Self.now, at: Self.now) == .ready)
  }

  @Test("of a moment that has passed a job gets no older place in line")
  func start() {
    let early = NewJob(kind: "a", runAt: Self.now - .seconds(3))
    #expect(JobRelease.start(of: early, at: Self.now) == Self.now)
    #expect(JobRelease.start(of: NewJob(kind: "a"), at: Self.now) == Self.now)
    let late = NewJob(kind: "a", runAt: Self.now + .seconds(3))
    #expect(JobRelease.start(of: late, at: Self.now) == Self.now + .seconds(3))
  }

  @Test("an operator's verbs lead only where the table of states does", arguments: JobState.allCases)
  func steps(state: JobState) {
    switch OperatorStep.cancelling(state) {
    case .end: #expect(state.mayBecome(.cancelled))
    case .request: #expect(state == .running)
    default: #expect(state.isFinished)
    }
    switch OperatorStep.retrying(state) {
    case .runNow: #expect(state.mayBecome(.ready))
    case .restart: #expect(state.isFinished && state.mayBecome(.ready) && state.mayBecome(.blocked))
    case .release: #expect([.ready, .blocked, .scheduled].allSatisfy { state.mayBecome($0) })
    default: #expect([.running, .ready, .blocked].contains(state))
    }
    switch OperatorStep.holding(state) {
    case .hold: #expect(state.mayBecome(.held))
    case .takeBack: #expect(state == .running && state.mayBecome(.held) && state.mayBecome(.cancelled))
    default: #expect(state == .held || state.isFinished)
    }
  }
}
