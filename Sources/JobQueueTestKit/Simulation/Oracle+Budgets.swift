import JobQueue

/// What a worker wrote to the store, or requested from it, while it ran a job, and what the store granted.
enum StoreCall: Sendable {
  case wrote([JournalEntry], Lease, at: Timestamp)
  case asked(effect: String?, Lease, at: Timestamp, BudgetAnswer)

  var lease: Lease {
    switch self {
    case .wrote(_, let lease, _), .asked(_, let lease, _, _): lease
    }
  }
}

extension Oracle {
  /// A unit of a budget that is taken; without an effect, somebody else took it.
  struct Unit {
    struct Effect: Hashable {
      let job: JobID
      let name: String
    }

    var effect: Effect?
    var end: Timestamp
    /// Its job's place in line.
    var place = 0
  }

  /// A job's place in the line.
  struct Turn {
    let place: Int
    /// The slot that it got when it asked, or when its unit was given back.
    var slot: Timestamp
    /// Whether its last attempt ended so as to come back then.
    var waits = false
  }

  /// Keeps its own count of the budget, from what was granted and refused.
  mutating func account(for storeCall: StoreCall) throws {
    try promise(isCurrent(storeCall.lease), "a zombie of \(name(storeCall.lease.job)) was heard")
    takeOverUnits(by: storeCall.lease.job)
    switch storeCall {
    case .asked(let effect, let lease, let now, let answer):
      try check(answer, for: effect.map { Unit.Effect(job: lease.job, name: $0) }, of: lease.job, at: now)
    case .wrote(let entries, let lease, let now):
      for entry in entries {
        switch entry {
        case .refusal(let name): giveBack(Unit.Effect(job: lease.job, name: name), at: now)
        case .result(let name, _, let origin, _):
          resolved.insert(Unit.Effect(job: lease.job, name: name))
          if origin == .performed { renew(name, of: lease.job, at: now) }
        case .unknown(let name): renew(name, of: lease.job, at: now)
        case .budgetSpent: fill(at: now)
        case .progress: noteProgress(of: lease.job)
        case .record(let write): note([write], by: lease.job, at: now)
        default: break
        }
      }
    }
  }

  /// If a job was cancelled or given up before the outcome of its request was known, the next job with its key inherits
  /// the request, and the unit that it took.
  mutating func takeOverUnits(by heir: JobID) {
    guard let key = entries[heir]?.uniqueKey else { return }
    for index in units.indices {
      guard let effect = units[index].effect, effect.job < heir, !resolved.contains(effect),
        entries[effect.job]?.uniqueKey == key, let former = jobs[effect.job], former.state.isFinished,
        former.state != .completed
      else { continue }
      let own = Unit.Effect(job: heir, name: effect.name)
      if !units.contains(where: { $0.effect == own }) { units[index].effect = own }
    }
  }

  /// A job is granted a unit exactly if more are free than there are jobs ahead of it in line.
  private mutating func check(
    _ answer: BudgetAnswer, for effect: Unit.Effect?, of job: JobID, at now: Timestamp
  ) throws {
    isBudgetKnown = true
    units.removeAll { $0.end <= now - BudgetRule.memory(of: budget.window) }
    let taken = units.filter { $0.end > now && ($0.effect == nil || $0.effect != effect) }
    let ahead = countAhead(of: job)
    let free = budget.size - taken.count
    let place = turns[job]?.place
    let count = "\(taken.count) of \(budget.size) are taken and \(ahead) stand before it"
    switch answer {
    case .granted:
      try promise(free > ahead, "\(name(job)) was granted a unit, though \(count)")
      guard let effect else { return }
      counts.grants += 1
      units.removeAll { $0.effect == effect }
      units.append(Unit(effect: effect, end: now + budget.window, place: place ?? newPlace()))
      turns[job] = nil
    case .wait(let wait):
      try promise(free <= ahead, "\(name(job)) has to wait, though \(count)")
      let slot = BudgetRule.slot(
        ahead: ahead, ends: taken.map(\.end), size: budget.size, window: budget.window, at: now)
      try promise(wait.slot == slot && slot > now, "\(name(job)) was told \(wait.slot), its turn is at \(slot)")
      counts.waits += 1
      turns[job] = Turn(place: place ?? newPlace(), slot: wait.slot)
    }
  }

  private mutating func newPlace() -> Int {
    places += 1
    return places
  }

  /// A job whose effect created nothing returns to its old place in line.
  private mutating func giveBack(_ effect: Unit.Effect, at now: Timestamp) {
    guard let unit = units.first(where: { $0.effect == effect }) else { return }
    turns[effect.job] = Turn(place: unit.place, slot: now)
    units.removeAll { $0.effect == effect }
  }

  /// The jobs in line: those that run, are ready, or wait only for their turn.
  private func line(_ jobs: [JobID: Job]) -> [(job: Job, turn: Turn)] {
    turns.compactMap { id, turn in
      guard let job = jobs[id] else { return nil }
      let stands = job.state == .running || job.state == .ready || job.state == .scheduled && turn.waits
      return stands ? (job: job, turn: turn) : nil
    }
    .sorted { $0.turn.place < $1.turn.place }
  }

  private func countAhead(of job: JobID) -> Int {
    line(jobs).count { $0.turn.place < turns[job]?.place ?? .max }
  }

  /// Updates which jobs wait for their turn after a verb, and which have left the line.
  mutating func noteTurns(after verb: Verb, _ after: [JobID: Job]) {
    for id in turns.keys where after[id]?.state.isFinished ?? true { turns[id] = nil }
    guard case .complete(let ends, _) = verb else { return }
    for end in ends {
      guard let id = end.recorded, let slot = turns[id]?.slot else { continue }
      switch end.completion.outcome {
      case .snooze(let moment, _), .retry(let moment, _, _): turns[id]?.waits = moment == slot
      default: turns[id]?.waits = false
      }
    }
  }

  /// No unit lies idle while a job waits for it: the first jobs in line, as many as there are units, are due at the
  /// latest when theirs is free. Not checked if the wall clock is set: a job that was just due is late once the clock
  /// is set back.
  func checkLine(_ jobs: [JobID: Job], at now: Timestamp) throws {
    guard !clockIsSet else { return }
    let line = line(jobs).prefix(budget.size)
    let ends = units.filter { $0.end > now }.map(\.end)
    let slots = BudgetRule.slots(line.count, ends: ends, size: budget.size, window: budget.window, at: now)
    for ((job, _), slot) in zip(line, slots) where job.state == .scheduled {
      try promise(job.runAt <= slot, "\(name(job.id)) waits until \(job.runAt), a unit is free for it at \(slot)")
    }
  }

  /// An effect's thing was created by now, if at all: the provider may count it from here.
  private mutating func renew(_ name: String, of job: JobID, at now: Timestamp) {
    let effect = Unit.Effect(job: job, name: name)
    for index in units.indices where units[index].effect == effect {
      units[index].end = BudgetRule.end(madeBy: now, window: budget.window)
    }
  }

  /// It is unknown what was taken meanwhile; a budget that was never used is not known at all.
  mutating func fillUnseen(at now: Timestamp) {
    guard isBudgetKnown else { return }
    let taken = units.count { $0.end > now }
    units += BudgetRule.unseenEnds(taken, of: budget.size, window: budget.window, at: now).map {
      Unit(effect: nil, end: $0)
    }
  }

  /// The provider said that its own count is full.
  private mutating func fill(at now: Timestamp) {
    let missing = budget.size - units.count { $0.end > now }
    let ours = units.filter { $0.effect != nil && $0.end <= now }.map(\.end)
    let ends = BudgetRule.learnedEnds(missing, window: budget.window, requested: nil, ours: ours, at: now)
    units += ends.map { Unit(effect: nil, end: $0) }
  }
}
