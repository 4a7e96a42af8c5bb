import JobQueue
import Testing

@Suite("A lost job")
struct LostJobTests {
  static let worker = WorkerID("w")
  static let terms = LeaseTerms(duration: .seconds(30), heartbeat: .seconds(10), crashLimit: 3)
  static let now = Timestamp(milliseconds: 100_000)
  static let gone = WorkerSightings(gone: [worker])

  private func takenBack(
    crashes: Int = 0, cancel: CancelRequest? = nil, _ sightings: WorkerSightings = WorkerSightings()
  ) -> LostJob.Verdict {
    LostJob(id: JobID(1), owner: Self.worker, attempt: 2, crashes: crashes, cancel: cancel)
      .takenBack(sightings, terms: Self.terms, at: Self.now)
  }

  @Test("is taken back when its lease has run out or its worker's process is gone, not before")
  func lost() {
    func isLost(_ sightings: WorkerSightings, end: Duration) -> Bool {
      LostJob.isLost(owner: Self.worker, leaseEnd: Self.now + end, sightings, at: Self.now)
    }
    #expect(isLost(WorkerSightings(), end: .zero))
    #expect(!isLost(WorkerSightings(), end: .milliseconds(1)))
    #expect(isLost(Self.gone, end: .seconds(20)))
    #expect(!isLost(WorkerSightings(gone: [WorkerID("other")]), end: .seconds(20)))
  }

  @Test("whose lease merely ran out is ready, with a loss that stays open for one lease")
  func expired() {
    let verdict = takenBack()
    #expect(verdict.state == .ready)
    #expect(verdict.crashes == 0)
    #expect(
      verdict.openLoss
        == OpenLoss(job: JobID(1), attempt: 2, worker: Self.worker, due: Self.now + .seconds(30)))
  }

  @Test("counts a crash for a process that is gone, and is quarantined at the limit", arguments: 0...4)
  func crashed(crashes: Int) {
    let verdict = takenBack(crashes: crashes, Self.gone)
    #expect(verdict.crashes == crashes + 1)
    #expect(verdict.openLoss == nil)
    #expect(verdict.state == (crashes + 1 >= 3 ? .dead : .ready))
    #expect((verdict.failure?.code == "crash-limit") == (verdict.state == .dead))
  }

  @Test("that was cancelled is cancelled, with the operator's reason, however often it crashed", arguments: 0...4)
  func cancelled(crashes: Int) {
    let verdict = takenBack(crashes: crashes, cancel: CancelRequest(reason: "wrong venue"), Self.gone)
    #expect(verdict.state == .cancelled)
    #expect(verdict.why == "wrong venue")
    #expect(verdict.failure == nil)
    #expect(takenBack(cancel: CancelRequest()).why == CancelRequest.unexplained)
    #expect(takenBack(cancel: CancelRequest()).openLoss == nil)
  }

  @Test("was a crash when the process is gone, or was silent for a lease and nobody sees it alive")
  func openLoss() {
    let loss = OpenLoss(job: JobID(1), attempt: 1, worker: Self.worker, due: Self.now)
    let early = Self.now - .milliseconds(1)
    #expect(loss.isCrash(WorkerSightings(), at: Self.now))
    #expect(!loss.isCrash(WorkerSightings(), at: early))
    #expect(!loss.isCrash(WorkerSightings(alive: [Self.worker]), at: Self.now))
    #expect(loss.isCrash(Self.gone, at: early))
  }

  @Test("that turns out to be a crash ends a job only where it would be handed out next", arguments: JobState.allCases)
  func late(state: JobState) {
    let last = OpenLoss.crashed(in: state, crashes: 2, limit: 3)
    let first = OpenLoss.crashed(in: state, crashes: 0, limit: 3)
    if state.isFinished {
      #expect(last == .nothing && first == .nothing)
    } else {
      #expect(first == .counted(crashes: 1))
      guard state == .ready else { return #expect(last == .counted(crashes: 3)) }
      guard case .ended(let verdict) = last else { return #expect(Bool(false), "a ready job goes on") }
      #expect(verdict.state == .dead && verdict.crashes == 3)
    }
    #expect(OpenLoss.crashed(in: nil, crashes: 0, limit: 3) == .nothing)
  }
}
