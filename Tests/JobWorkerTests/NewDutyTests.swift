import JobQueue
import JobQueueTestKit
import JobWorker
import ServiceLifecycle
import Testing

@Suite("A new duty is a type and a line", .timeLimit(.minutes(20)))
struct NewDutyTests {
  @Test("a worker gives it its turns, from its start on and a period apart")
  func turns() async throws {
    var given = Given()
    let diary = Diary()
    given.duties = [Census(diary: diary)]
    let worker = given.startWorker()
    for turn in 1...3 {
      await eventually { await diary.turns.count == turn }
      await given.advance(to: given.at(Double(turn * 7)))
    }
    await eventually { await diary.turns.count == 4 }
    #expect(await diary.turns == [0, 7, 14, 21].map { given.at($0) })
    await given.end(worker)
  }

  @Test("a turn that it asks for sooner, or that somebody signals, comes sooner")
  func sooner() async throws {
    var given = Given()
    let diary = Diary()
    let signal = WakeSignal()
    given.duties = [Census(diary: diary, next: given.at(3), wake: signal)]
    let worker = given.startWorker()
    await given.advance(to: given.at(3))
    await eventually { await diary.turns.count == 2 }
    await signal.signal()
    await eventually { await diary.turns.count == 3 }
    #expect(await diary.turns == [0, 3, 3].map { given.at($0) })
    await given.end(worker)
  }

  @Test("its failures are told as those of every other duty, and its turn is tried again")
  func failures() async throws {
    var given = Given()
    let diary = Diary(failures: 1)
    given.duties = [Census(diary: diary)]
    let worker = given.startWorker()
    await given.log.wait { $0.contains(.storeFailed) }
    await given.advance(to: given.at(5))
    await given.log.wait { $0.contains(.storeRecovered) }
    #expect(await diary.turns == [given.at(0), given.at(5)])
    await given.end(worker)
  }

  @Test(
    "one that finds work ends when the worker drains, one that running jobs need ends with the last of them",
    arguments: [DutyPhase.untilDraining, .untilStopped])
  func phases(phase: DutyPhase) async throws {
    var given = Given()
    let (diary, gate) = (Diary(), Gate())
    given.duties = [Census(diary: diary, phase: phase)]
    given.work { _ in
      try await gate.pass()
      return "good"
    }
    _ = try await given.enqueueWork()
    let (group, task) = given.startGroup()
    await given.log.wait(\.isLeased)
    await eventually { await diary.turns.count == 1 }
    await group.triggerGracefulShutdown()
    await given.log.wait(\.isDraining)
    if phase == .untilStopped {
      await given.advance(to: given.at(7))
      await eventually { await diary.turns.count == 2 }
    } else {
      // Nobody sleeps until its next turn any more.
      await eventually { await !given.clock.log.isSlept(until: given.at(7)) }
    }
    await gate.open()
    await given.log.wait { $0.contains(.stopped(left: 0)) }
    _ = await task.result
    #expect(await diary.turns.count == (phase == .untilStopped ? 2 : 1))
  }
}

/// The whole of a new duty.
private struct Census: Duty {
  let name = "census"
  let period: Duration = .seconds(7)
  let diary: Diary
  var next: Timestamp?
  var phase = DutyPhase.untilDraining
  var wake: WakeSignal?

  func runOnce(now: Timestamp) async throws -> Timestamp? {
    try await diary.add(now)
    return next.flatMap { $0 > now ? $0 : nil }
  }
}

/// When a duty had its turns.
private actor Diary {
  private(set) var turns: [Timestamp] = []
  private var failures: Int

  init(failures: Int = 0) {
    self.failures = failures
  }

  func add(_ turn: Timestamp) throws {
    turns.append(turn)
    guard failures > 0 else { return }
    failures -= 1
    throw JobStoreError.outage
  }
}
