import JobQueue
import JobQueueTestKit
import Testing

@Suite("What a look sees decides what is asked for")
struct FindingTests {
  @Test("what is asked for is told what this attempt's look saw, not an earlier one's")
  func seen() async throws {
    let given = Given()
    let context = try await given.running()
    var looks = 0
    var asked: [String] = []
    func publish(_ answer: CountingProvider.Answer?) async throws -> EffectResult<String> {
      try await context.effect(
        "publish", lateEffectWindow: .zero,
        find: { _ -> Finding<String, String> in
          looks += 1
          return .absent("version \(looks)")
        },
        perform: { seen in
          asked.append(seen)
          if let answer { throw CountingProvider.Failure(answer: answer) }
          return "in place of \(seen)"
        })
    }
    await #expect(throws: CountingProvider.Failure.self) { try await publish(.lostBeforeEffect) }
    given.clock.advance(by: .seconds(2))
    let made = try await publish(nil)
    #expect(made.value == "in place of version 2")
    #expect(asked == ["version 1", "version 2"])
    // Recorded: neither looked at nor asked for.
    #expect(try await publish(nil).value == made.value)
    #expect(looks == 2)
  }

  @Test("a finding that is mapped keeps what was seen")
  func mapped() {
    guard case .found("7") = Finding<Int, String>.found(7).map({ "\($0)" }),
      case .absent("taken") = Finding<Int, String>.absent("taken").map({ "\($0)" }),
      case .absent = Finding<Int, Void>(nil), case .found(7) = Finding<Int, Void>(7)
    else {
      Issue.record("a finding is what was found, or else what was seen")
      return
    }
  }

  @Test("a recorded result is read without a look; there is none before it and while the outcome is unknown")
  func recorded() async throws {
    let given = Given()
    await given.provider.answer([.lostAfterEffect])
    let context = try await given.running()
    func recorded() async throws -> EffectResult<CountingProvider.Thing>? { try await context.recordedEffect("create") }
    #expect(try await recorded() == nil)
    await #expect(throws: CountingProvider.Failure.self) { try await given.create(context) }
    #expect(try await recorded() == nil)
    #expect(try await context.hasAsked(for: "create"))
    given.clock.advance(by: .seconds(2))
    let found = try await given.create(context)
    let looks = await given.provider.looks
    #expect(try await recorded() == found)
    #expect(await given.provider.looks == looks)
  }

  private func adopt(_ given: Given, _ context: JobContext) async throws -> EffectResult<CountingProvider.Thing>? {
    try await context.adopt(
      "create", claim: { "thing:\($0.id)" }, find: { _ in try await given.provider.find(given.name) })
  }

  @Test("what is only adopted is never asked for, and what is there is recorded and claimed")
  func adopted() async throws {
    let given = Given()
    let context = try await given.running()
    #expect(try await adopt(given, context) == nil)
    #expect(try await given.record(of: context.job.id) == nil)
    let there = try await given.provider.create(given.name)
    #expect(try await adopt(given, context) == EffectResult(value: there, origin: .adopted))
    #expect(try await context.claimant(of: "thing:\(there.id)") == context.job.id)
    let looks = await given.provider.looks
    #expect(try await adopt(given, context)?.value == there)
    #expect(await given.provider.looks == looks)
    #expect(await given.provider.creations == 1)
  }

  @Test("what a lost request may have made is looked for only when the look can be trusted")
  func adoptedLater() async throws {
    let given = Given(lag: .milliseconds(1999))
    await given.provider.answer([.lostAfterEffect])
    let context = try await given.running()
    await #expect(throws: CountingProvider.Failure.self) { try await given.create(context) }
    await #expect(throws: Verdict.self) { try await adopt(given, context) }
    #expect(await given.provider.looks == 1)
    given.clock.advance(by: .seconds(2))
    #expect(try await adopt(given, context)?.origin == .adopted)
    #expect(await given.provider.creations == 1)
  }

  @Test("notes that were taken before a budget is asked are on disk before its unit is taken")
  func flushed() async throws {
    let given = Given()
    let context = try await given.running(faults: ScriptedFaults(at: .intentWritten))
    let demand = BudgetDemand(key: BudgetKey(account: "a", resource: "things"), size: 1, window: .seconds(100))
    await #expect(throws: SimulatedCrash.self) {
      try await context.effect(
        "create", budget: demand,
        find: { _ -> Finding<Int, Void> in
          context.note("looked")
          return .absent
        }, perform: { 1 })
    }
    let notes = try await given.store.attempts(of: context.job.id).flatMap(\.notes).map(\.text)
    #expect(notes == ["looked"])
  }
}
