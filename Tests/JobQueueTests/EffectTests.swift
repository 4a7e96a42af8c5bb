import JobQueue
import JobQueueTestKit
import Testing

@Suite("An effect looks, intends, asks and records")
struct EffectTests {
  @Test("what is not there is asked for once and recorded as performed")
  func performed() async throws {
    let given = Given()
    let context = try await given.running()
    let made = try await given.create(context)
    #expect(made.origin == .performed)
    #expect(await given.provider.list() == [made.value])
    let record = try #require(try await given.record(of: context.job.id))
    #expect(record.intents == 1)
    #expect(record.origin == .performed)
  }

  @Test("what is there already is adopted without asking")
  func adopted() async throws {
    let given = Given()
    let there = try await given.provider.create(given.name)
    let context = try await given.running()
    let found = try await given.create(context)
    #expect(found.origin == .adopted)
    #expect(found.value == there)
    #expect(await given.provider.creations == 1)
  }

  @Test("a recorded result is returned without any call")
  func recorded() async throws {
    let given = Given()
    let context = try await given.running()
    let made = try await given.create(context)
    let looks = await given.provider.looks
    let again = try await given.create(try await given.takenOver(by: "b"))
    #expect(again.value == made.value)
    #expect(again.origin == .performed)
    #expect(await given.provider.looks == looks)
    #expect(await given.provider.creations == 1)
  }

  @Test("a request that was surely refused leaves no doubt behind: the next attempt need not wait")
  func refused() async throws {
    let given = Given()
    await given.provider.answer([.refused])
    let context = try await given.running()
    await #expect(throws: CountingProvider.Failure(answer: .refused)) { try await given.create(context) }
    #expect(try await given.record(of: context.job.id) == nil)
    #expect(try await given.create(context).origin == .performed)
  }

  @Test("an unknown outcome is looked at again only once the provider has settled")
  func settling() async throws {
    let given = Given(lag: .milliseconds(1999))
    await given.provider.answer([.lostAfterEffect])
    let context = try await given.running()
    await #expect(throws: CountingProvider.Failure(answer: .lostAfterEffect)) { try await given.create(context) }
    given.clock.advance(by: .milliseconds(500))
    let looks = await given.provider.looks
    await #expect {
      try await given.create(context)
    } throws: { error in
      guard case Verdict.snooze(let duration, _) = error else { return false }
      return duration == .milliseconds(1500)
    }
    #expect(await given.provider.looks == looks)
    given.clock.advance(by: .milliseconds(1500))
    #expect(try await given.create(context).origin == .adopted)
    #expect(await given.provider.creations == 1)
  }

  // Our wait for the answer ends, or the worker does, while the provider is still at work on the request.
  @Test("what is not there after a lost answer is looked for until the provider cannot be at work any more")
  func lateEffectWindow() async throws {
    let given = Given(lag: .seconds(119))
    await given.provider.answer([.lostAfterEffect])
    let context = try await given.running()
    await #expect(throws: CountingProvider.Failure(answer: .lostAfterEffect)) { try await given.create(context) }
    var pauses: [Duration] = []
    var made: EffectResult<CountingProvider.Thing>?
    while made == nil {
      do {
        made = try await given.create(context)
      } catch Verdict.snooze(let duration, _) {
        pauses.append(duration)
        given.clock.advance(by: duration)
      }
    }
    // The time to settle, then as long as it has been unknown, and no longer than it can be.
    #expect(pauses.map(\.components.seconds) == [2, 2, 4, 8, 16, 32, 56])
    #expect(made?.origin == .adopted)
    #expect(await given.provider.creations == 1)
  }

  // worker                            provider
  // asks; answer lost                 begins to work on it
  // (an outage: nobody can look)      (nor does it work)
  // looks: nothing there              goes on
  // looks: nothing there
  //                                   made, 110 s after the outage
  // looks: there it is, adopted
  @Test(
    "time in which nobody could look counts for nothing, whenever it begins: what comes late after it is not made twice",
    arguments: [0, 1, 3, 6])
  func outage(after looks: Int) async throws {
    let outage = Duration.seconds(3600)
    let given = Given(lag: outage + .seconds(110))
    await given.provider.answer([.lostAfterEffect])
    let context = try await given.running()
    await #expect(throws: CountingProvider.Failure(answer: .lostAfterEffect)) { try await given.create(context) }
    var pauses: [Duration] = []
    var made: EffectResult<CountingProvider.Thing>?
    while made == nil {
      if pauses.count == looks { given.clock.advance(by: outage) }
      do {
        made = try await given.create(context)
      } catch Verdict.snooze(let duration, _) {
        pauses.append(duration)
        given.clock.advance(by: duration)
      }
    }
    #expect(made?.origin == .adopted)
    #expect(await given.provider.creations == 1)
    #expect(pauses.reduce(.zero, +) <= .seconds(120))
  }

  @Test("after an outage it is looked for as long as without, then asked for again, whatever the clock was put to")
  func neverMade() async throws {
    let given = Given()
    await given.provider.answer([.lostBeforeEffect])
    let context = try await given.running()
    await #expect(throws: CountingProvider.Failure(answer: .lostBeforeEffect)) { try await given.create(context) }
    var steps: [Duration] = [.seconds(3600), .zero, .seconds(86_400), .seconds(-600)]
    var looked = Duration.zero
    var made: EffectResult<CountingProvider.Thing>?
    while made == nil {
      if let step = steps.popLast() { given.clock.step(by: step) }
      do {
        made = try await given.create(context)
      } catch Verdict.snooze(let duration, _) {
        looked += duration
        given.clock.advance(by: duration)
      }
    }
    #expect(made?.origin == .performed)
    #expect(looked >= .seconds(110) && looked < .seconds(300), "\(looked)")
    #expect(await given.provider.list().count == 1)
  }

  @Test("an effect whose name is as long as may be is looked for as any other")
  func longName() async throws {
    let given = Given(lag: .seconds(30))
    await given.provider.answer([.lostAfterEffect])
    let context = try await given.running()
    let name = String(repeating: "e", count: JobLimits.nameBytes)
    var origin: EffectOrigin?
    while origin == nil {
      do {
        origin = try await context.effect(
          name, find: { _ in Finding(try await given.provider.find(given.name)) },
          perform: { try await given.provider.create(given.name) }
        ).origin
      } catch Verdict.snooze(let duration, _) {
        given.clock.advance(by: duration)
      } catch is CountingProvider.Failure {}
    }
    #expect(origin == .adopted)
    #expect(await given.provider.creations == 1)
  }

  // job 1                             job 2, of the same concurrency key     provider
  // asks; answer lost                                                        begins to work on it
  //                                   looks: nothing there
  //                                                                          made, after 60 s
  //                                   looks: adopted
  @Test("what another job of the concurrency key asked for is looked for, where doubts are shared, and only there")
  func sharedDoubts() async throws {
    for shares in [true, false] {
      let given = Given(lag: .seconds(60))
      await given.provider.answer([.lostAfterEffect])
      let keyed = NewJob(kind: "create", concurrencyKey: "c")
      func create(_ context: JobContext) async throws -> EffectOrigin {
        try await context.effect(
          "create", sharesDoubts: shares, find: { _ in Finding(try await given.provider.find(given.name)) },
          perform: { try await given.provider.create(given.name) }
        ).origin
      }
      _ = try await given.enqueue(keyed)
      let first = given.context(try #require(try await given.lease()))
      await #expect(throws: CountingProvider.Failure.self) { _ = try await create(first) }
      try await given.complete(first, .snooze(until: given.clock.now() + .seconds(3600), why: "later"))
      _ = try await given.enqueue(keyed)
      let second = given.context(try #require(try await given.lease(by: "b")))
      var origin: EffectOrigin?
      while origin == nil {
        do {
          origin = try await create(second)
        } catch Verdict.snooze(let duration, _) {
          given.clock.advance(by: duration)
        }
      }
      #expect(origin == (shares ? .adopted : .performed))
    }
  }

  @Test("where asking twice makes nothing twice, it is asked again as soon as the provider has settled")
  func noLateness() async throws {
    let given = Given()
    await given.provider.answer([.lostBeforeEffect])
    let context = try await given.running()
    func create() async throws -> EffectOrigin {
      try await context.effect(
        "create", lateEffectWindow: .zero, find: { _ in Finding(try await given.provider.find(given.name)) },
        perform: { try await given.provider.create(given.name) }
      ).origin
    }
    await #expect(throws: CountingProvider.Failure(answer: .lostBeforeEffect)) { _ = try await create() }
    given.clock.advance(by: .seconds(2))
    #expect(try await create() == .performed)
  }

  @Test("a clock that was set back delays a look once, by no more than the time to settle")
  func clockSetBack() async throws {
    let given = Given()
    await given.provider.answer([.lostAfterEffect])
    let context = try await given.running()
    await #expect(throws: CountingProvider.Failure.self) { try await given.create(context) }
    given.clock.step(by: .seconds(-3600))
    await #expect {
      try await given.create(context)
    } throws: { error in
      guard case Verdict.snooze(let duration, _) = error else { return false }
      return duration == .seconds(2)
    }
    given.clock.advance(by: .seconds(2))
    #expect(try await given.create(context).origin == .adopted)
  }

  // A request may leave a worker as late as that worker's end:
  //
  //   worker a                        provider                    worker b
  //   intent at 0 s
  //   a slow connection
  //   request leaves at 10 s          made, out of sight until 11.9 s
  //   dies at 10 s                                                leases at 10 s: must not look yet
  @Test("after a lost worker the time to settle counts from its end, not from its intent")
  func lateRequest() async throws {
    let given = Given(lag: .milliseconds(1900))
    let context = try await given.running(faults: ScriptedFaults(at: .effectPerformed))
    await #expect(throws: SimulatedCrash.self) {
      try await context.effect(
        "create", find: { _ in Finding(try await given.provider.find(given.name)) },
        perform: {
          given.clock.advance(by: .seconds(10))
          return try await given.provider.create(given.name)
        })
    }
    _ = try await given.store.reap(gone: [context.lease.owner], crashLimit: 3, limit: 1, at: given.clock.now())
    let next = given.context(try #require(try await given.lease(by: "b")))
    await #expect(throws: Verdict.self) { try await given.create(next) }
    given.clock.advance(by: .seconds(2))
    #expect(try await given.create(next).origin == .adopted)
    #expect(await given.provider.creations == 1)
  }

  @Test("find is told since when something of ours can be there")
  func firstIntent() async throws {
    let given = Given()
    await given.provider.answer([.lostBeforeEffect])
    let context = try await given.running()
    let intendedAt = given.clock.now()
    await #expect(throws: CountingProvider.Failure.self) { try await given.create(context) }
    var isMade = false
    while !isMade {
      do {
        _ = try await context.effect(
          "create",
          find: { known -> Finding<CountingProvider.Thing, Void> in
            #expect(known?.firstIntendedAt == intendedAt)
            #expect(known?.intents == 1)
            return .absent
          }, perform: { try await given.provider.create(given.name) })
        isMade = true
      } catch Verdict.snooze(let duration, _) {
        given.clock.advance(by: duration)
      }
    }
    #expect(try await given.record(of: context.job.id)?.intents == 2)
  }

  @Test("when looking fails nothing is intended and nothing is asked for")
  func failedLook() async throws {
    let given = Given()
    for _ in 0..<2 { _ = try await given.provider.create(given.name) }
    let context = try await given.running()
    await #expect(throws: CountingProvider.Ambiguous(name: given.name, count: 2)) { try await given.create(context) }
    #expect(try await given.record(of: context.job.id) == nil)
    #expect(await given.provider.creations == 2)
  }

  @Test("an error that does not know whether the request took effect leaves the outcome unknown")
  func unknownError() async throws {
    let given = Given()
    let context = try await given.running()
    await #expect(throws: Unexpected.self) {
      try await context.effect(
        "create", find: { _ -> Finding<Int, Void> in .absent }, perform: { throw Unexpected(what: "connection reset") })
    }
    let record = try #require(try await given.record(of: context.job.id))
    #expect(record.result == nil)
  }

  @Test("a job that is cancelled in the middle of a request still writes down that nobody knows")
  func cancelledRequest() async throws {
    let given = Given()
    let context = try await given.running()
    let intendedAt = given.clock.now()
    let run = Task {
      try await context.effect(
        "create", find: { _ -> Finding<Int, Void> in .absent },
        perform: {
          given.clock.advance(by: .seconds(5))
          withUnsafeCurrentTask { $0?.cancel() }
          try Task.checkCancellation()
          return 1
        })
    }
    await #expect(throws: CancellationError.self) { _ = try await run.value }
    let record = try #require(try await given.record(of: context.job.id))
    #expect(record.touchedAt == intendedAt + .seconds(5))
  }

  @Test("two jobs cannot hold one thing: the second claim is refused")
  func claims() async throws {
    let given = Given()
    let first = try await given.running()
    let second = try await given.running(by: "b")
    func create(_ context: JobContext) async throws {
      _ = try await context.effect(
        "create", claim: { "thing:\($0.id)" }, find: { _ in Finding(try await given.provider.find(given.name)) },
        perform: { try await given.provider.create(given.name) })
    }
    try await create(first)
    await #expect {
      try await create(second)
    } throws: {
      ($0 as? JobStoreError)?.code == .claimed
    }
    #expect(try await second.claimant(of: "thing:1") == first.job.id)
    #expect(try await given.record(of: second.job.id) == nil)
  }
}
