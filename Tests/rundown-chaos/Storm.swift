import JobQueueTestKit

/// The whole storm: everything is enqueued, workers run and are killed, the providers misbehave, and in the end the
/// providers are asked what they hold.
struct Storm: Sendable {
  let plan: StormPlan
  let seed: UInt64
  let folder: String
  /// Tells how it goes.
  let say: @Sendable (String) -> Void

  func hold() async throws -> StormReport {
    say("seed \(seed); everything is in \(folder)")
    let providers = try await Providers.start(plan, seed: seed, folder: folder)
    defer { providers.stop() }
    let configuration = Configuration(folder: folder)
    try configuration.writeSecrets(providers)
    for name in ["calm", "storm"] { try configuration.write(name, plan, providers) }
    let random = SeededRandom(seed: seed)
    let least = try await LeastRequests.measure(Desk(folder: folder, name: "calm"), plan, providers, random: random)
    say("the least requests: \(least)")

    let desk = Desk(folder: folder, name: "storm")
    let wanted = Thing.wanted(plan)
    try await prepare(wanted, desk, providers, random)
    try configuration.expireToken()
    let crew = Crew(desk, random: random)
    let clock = ContinuousClock()
    let begin = clock.now
    try await crew.begin(plan.workers)
    try await rage(Weather(plan: plan, providers: providers, configuration: configuration, desk: desk), crew, desk)
    let seconds = (clock.now - begin) / .seconds(1)
    try await crew.drain()

    let queue = QueueView(desk: desk)
    let jobs = try await queue.jobs()
    let reckoning = Reckoning(
      wanted: wanted, jobs, try providers.sights(), try await HeldObjects.list(providers.s3, desk))
    return StormReport(
      reckoning: reckoning, burnt: try await BurntAttempts.read(jobs, queue), leastRequests: least.total(plan),
      crashes: jobs.reduce(0) { $0 + $1.crashes }, kills: await crew.kills, workerTroubles: await crew.troubles,
      seconds: seconds)
  }

  /// Makes the files and the assets, and enqueues all jobs, the kinds mixed as by many people at once.
  private func prepare(
    _ wanted: Set<Thing>, _ desk: Desk, _ providers: Providers, _ random: SeededRandom
  ) async throws {
    // Sorted first: a set has another order in every process, whatever the seed.
    var things = wanted.sorted()
    try Recordings(folder: desk.recordings).make(things, random: random)
    for thing in things where thing.kind == .liveStream {
      try Thing.Account(rawValue: thing.place).map { try providers.standIn($0).control.makeAsset(thing.name) }
    }
    var order = random
    things.shuffle(using: &order)
    try await desk.enqueue(things.map { StormJob($0, folder: desk.recordings) })
    say("\(things.count) jobs are enqueued")
  }

  /// Lets the weather loose and kills workers until no job is unfinished.
  private func rage(_ weather: Weather, _ crew: Crew, _ desk: Desk) async throws {
    try weather.begin()
    try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        try await weather.gusts()
        return false
      }
      group.addTask {
        try await weather.renewToken()
        return false
      }
      group.addTask { [plan] in
        for _ in 0..<(plan.mostKills ?? .max) {
          try await Task.sleep(for: plan.killPause)
          try await crew.killOne(sparing: try await QueueView(desk: desk).workersToSpare())
        }
        return false
      }
      group.addTask {
        try await wait(QueueView(desk: desk))
        return true
      }
      while let isOver = try await group.next(), !isOver {}
      group.cancelAll()
    }
    try weather.clear()
  }

  /// Returns when nothing is left that will still move, or the time is over.
  private func wait(_ queue: QueueView) async throws {
    let clock = ContinuousClock()
    let begin = clock.now
    var told = clock.now
    while clock.now - begin < .seconds(plan.deadline) {
      let states = try await queue.states().filter { $0.value > 0 }
      if states.keys.allSatisfy({ ["completed", "dead", "cancelled", "held"].contains($0) }) { return }
      if clock.now - told > .seconds(5) {
        say(states.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", "))
        told = clock.now
      }
      try await Task.sleep(for: .milliseconds(250))
    }
    say("the time is over")
  }
}
