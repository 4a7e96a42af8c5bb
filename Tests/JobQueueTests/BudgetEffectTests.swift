import JobQueue
import JobQueueTestKit
import Testing

@Suite("An effect that needs a unit of a budget")
struct BudgetEffectTests {
  private static let key = BudgetKey(account: "a", resource: "things")
  private static let demand = BudgetDemand(key: key, size: 1, window: .seconds(100))

  /// What a provider says whose own count is full.
  private struct Full: BudgetRefusal, EffectCertainty {
    var saysBudgetIsSpent: Bool { true }
    var budgetRetryAfter: Duration?
    var mayHaveTakenEffect: Bool { false }
  }

  private func create(_ given: Given, _ context: JobContext) async throws -> EffectResult<CountingProvider.Thing> {
    let name = "thing-\(context.job.id)"
    return try await context.effect(
      "create", budget: Self.demand, find: { _ in Finding(try await given.provider.find(name)) },
      perform: { try await given.provider.create(name) })
  }

  private func budget(_ given: Given) async throws -> BudgetStatus {
    try #require(try await given.store.budgets(at: given.clock.now()).first)
  }

  /// The slot that a job was told to come back at.
  private func slot(_ body: () async throws -> Void) async throws -> BudgetWait {
    do {
      try await body()
    } catch Verdict.waitForBudget(let wait) {
      return wait
    }
    throw Unexpected(what: "the job was let through")
  }

  @Test("takes it with its intent, and one without is told the moment of its turn and asks for nothing")
  func taken() async throws {
    let given = Given()
    _ = try await create(given, try await given.running())
    let second = try await given.running()
    given.clock.advance(by: .seconds(30))
    let wait = try await slot { _ = try await create(given, second) }
    #expect(wait == BudgetWait(key: Self.key, size: 1, used: 1, ahead: 0, slot: given.clock.now() + .seconds(71)))
    #expect(await given.provider.creations == 1)
    #expect(try await given.record(of: second.job.id) == nil)
  }

  @Test("gives it back when the provider surely made nothing")
  func refused() async throws {
    let given = Given()
    await given.provider.answer([.refused])
    let context = try await given.running()
    await #expect(throws: CountingProvider.Failure.self) { try await create(given, context) }
    #expect(try await budget(given).used == 0)
  }

  @Test(
    "keeps it when the answer was lost, and a repeat that finds the thing costs no second one",
    arguments: [true, false])
  func lost(wasMade: Bool) async throws {
    let given = Given()
    await given.provider.answer([wasMade ? .lostAfterEffect : .lostBeforeEffect])
    let context = try await given.running()
    await #expect(throws: CountingProvider.Failure.self) { try await create(given, context) }
    #expect(try await budget(given).used == 1)
    let next = try await given.takenOver(by: "b")
    // The attempt before ended just now: what it made is seen after 2 s, and nothing can come any more once it was looked
    // for during 120 s.
    var again: EffectOrigin?
    while again == nil {
      do {
        again = try await create(given, next).origin
      } catch Verdict.snooze(let pause, _) {
        given.clock.advance(by: pause)
      }
    }
    #expect(again == (wasMade ? .adopted : .performed))
    #expect(try await budget(given).used == 1)
    #expect(await given.provider.count("thing-\(context.job.id)") == 1)
  }

  @Test("that the provider refuses because its own count is full waits, and the budget has learned it")
  func learned() async throws {
    let given = Given()
    let context = try await given.running()
    let wait = try await slot {
      _ = try await context.effect(
        "create", budget: Self.demand, find: { _ -> Finding<Int, Void> in .absent },
        perform: { () throws -> Int in throw Full(budgetRetryAfter: .seconds(40)) })
    }
    #expect(wait.slot == given.clock.now() + .seconds(40))
    #expect(try await given.record(of: context.job.id) == nil)
    let status = try await budget(given)
    #expect(status.learned == 1)
    #expect(status.waiting == 1)
  }

  @Test("is looked for before other requests: whoever has no turn is told, whoever asked before goes on")
  func turn() async throws {
    let given = Given()
    let first = try await given.running()
    try await first.waitForTurn(Self.demand, for: "create")
    _ = try await create(given, first)
    try await first.waitForTurn(Self.demand, for: "create")
    let second = try await given.running()
    let wait = try await slot { try await second.waitForTurn(Self.demand, for: "create") }
    #expect(wait.slot == given.clock.now() + .seconds(101))
  }
}
