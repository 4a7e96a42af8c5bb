import JobQueue

/// The handler of a run's jobs: creates a few things at the provider, each once.
struct SimulatedHandler: JobHandler {
  struct Parameters: JobParameters {
    static let kind = "work"
    static let queue = "work"
  }

  struct Output: Codable, Sendable {}

  /// How long the provider may still carry out a request: longer than it ever lags.
  private static let lateEffectWindow = Duration.seconds(20)
  static let ambiguity = "two of them: a person must look"
  static let unexpected = "unexpected"

  let provider: CountingProvider
  let troubles: Troubles

  func run(_ parameters: Parameters, context: JobContext) async throws -> Output {
    guard let stepped = SteppedHandler.current else { return Output() }
    let (things, budget) = (stepped.assignment.things, stepped.assignment.budget)
    let collection = stepped.assignment.collection
    // Before any request: only where no answer came before can it be seen whether a probe's checkpoint opens its gate.
    if stepped.assignment.gate != nil { try await context.checkpoint("begun", true, isProgress: false) }
    if let budget, !things.isEmpty { try await context.waitForTurn(budget, for: "effect-0") }
    for (index, thing) in things.enumerated() {
      try context.record(
        RecordWrite(collection, "effect/\(thing)", json: "1"), withResultOf: "effect-\(index)")
      let made = try await context.effect(
        "effect-\(index)", lateEffectWindow: Self.lateEffectWindow, budget: budget,
        claim: { (made: CountingProvider.Thing) in "\(made.name)#\(made.id)" },
        find: { _ -> Finding<CountingProvider.Thing, Void> in
          try await stepped.parkInHandler(SteppedHandler.looking)
          return Finding(try await context.reporting { try await provider.find(thing) })
        },
        perform: { () -> CountingProvider.Thing in
          let answer = try await stepped.parkInHandler(SteppedHandler.sending)
          return try await context.reporting { try await provider.create(thing, answer: answer) }
        })
      try await context.checkpoint(
        "made/\(index)", made.value, isProgress: index > 0,
        recording: [RecordWrite(collection, "thing/\(made.value.name)", made.value)])
    }
    // All jobs compete for the record that was to be new.
    try context.record(RecordWrite(collection, "done/\(context.job.id)", labels: ["kind": "work"], json: "1"))
    try context.record(RecordWrite(collection, "first-done", json: "\(context.job.id)", rule: .insertOnly))
    try await stepped.parkInHandler(SteppedHandler.ending)
    return Output()
  }

  func classify(_ error: any Error) -> Verdict {
    switch error {
    case let error as CountingProvider.Failure:
      if error.answer == .lostBeforeEffect, SteppedHandler.current?.assignment.gate != nil {
        return .closeGate(troubles.outage())
      }
      let failure = Failure(code: "provider", message: "\(error.answer)")
      return error.answer == .lostAfterEffect ? .suspectOutage(failure, troubles.outage()) : .retry(failure)
    case is CountingProvider.Ambiguous: return .hold(why: Self.ambiguity)
    default: return .dead(Failure(code: Self.unexpected, message: "\(error)"))
    }
  }
}

/// When a run's hosts have an outage, and what it looks like.
struct Troubles: Sendable {
  let seed: UInt64
  let random: SeededRandom

  /// Whether the host behind a gate is down during this minute; otherwise two jobs would hardly ever fail in a row.
  func isFailing(_ gate: String, at now: Timestamp) -> Bool {
    let minute = UInt64(bitPattern: now.milliseconds / 60_000)
    let name = gate.utf8.reduce(seed &* 0x9E37_79B9_7F4A_7C15 &+ minute) { $0 &* 31 &+ UInt64($1) }
    return SeededRandom(seed: name).next() % 2 == 0
  }

  func outage(closesAtOnce: Bool = false) -> GateClosure {
    let requested: Duration? = random.chance(1, in: 4) ? .seconds(random.below(30)) : nil
    let base = 1 + random.below(4)
    // If such answers come at random, different requests meet them.
    let isByChance = closesAtOnce && seed % 7 == 2
    return GateClosure(
      base: .seconds(base), requested: requested, why: "nobody answers", closesAtOnce: closesAtOnce,
      isByIntermediary: closesAtOnce && !seed.isMultiple(of: 3), isMomentary: closesAtOnce && seed % 5 == 1,
      request: isByChance ? "request \(base % 2)" : nil)
  }
}

extension JobContext {
  /// Reports the result of a request to the job's gate, as the observer of a transport does.
  fileprivate func reporting<Answer: Sendable>(_ request: () async throws -> Answer) async throws -> Answer {
    do {
      let answer = try await request()
      reportReachable(true)
      return answer
    } catch let failure as CountingProvider.Failure {
      reportReachable(failure.answer == .refused || failure.answer == .limitReached)
      throw failure
    }
  }
}
