import JobQueue

/// What a worker told the store, or asked of it, while it ran a job, and what the store took.
enum Dealing: Sendable {
  case wrote([JournalEntry], Lease, at: Timestamp)
  case asked(effect: String?, Lease, at: Timestamp, BudgetAnswer)

  var lease: Lease {
    switch self {
    case .wrote(_, let lease, _), .asked(_, let lease, _, _): lease
    }
  }
}

extension Ledger {
  /// A unit of a budget that is taken; without an effect somebody else took it.
  struct Unit {
    struct Effect: Equatable {
      let job: JobID
      let name: String
    }

    let effect: Effect?
    var end: Timestamp
  }

  /// Keeps its own count of the budget, by what was granted and refused.
  mutating func account(for dealing: Dealing) throws {
    try promise(isCurrent(dealing.lease), "a zombie of \(name(dealing.lease.job)) was heard")
    switch dealing {
    case .asked(let effect, let lease, let now, let answer):
      try check(answer, for: effect.map { Unit.Effect(job: lease.job, name: $0) }, of: lease.job, at: now)
    case .wrote(let entries, let lease, let now):
      for entry in entries {
        switch entry {
        case .refusal(let name): units.removeAll { $0.effect == Unit.Effect(job: lease.job, name: name) }
        case .result(let name, _, .performed, _), .unknown(let name): renew(name, of: lease.job, at: now)
        case .budgetSpent: fill(at: now)
        default: break
        }
      }
    }
  }

  /// There is a unit for whoever asks exactly when one is free beyond those for whom others stand in line before.
  private mutating func check(
    _ answer: BudgetAnswer, for effect: Unit.Effect?, of job: JobID, at now: Timestamp
  ) throws {
    units.removeAll { $0.end <= now - BudgetRule.memory(of: budget.window) }
    let taken = units.filter { $0.end > now && ($0.effect == nil || $0.effect != effect) }
    let ahead = countAhead(of: job)
    let free = budget.size - taken.count
    let count = "\(taken.count) of \(budget.size) are taken and \(ahead) stand before it"
    switch answer {
    case .granted:
      try promise(free > ahead, "\(name(job)) was granted a unit, though \(count)")
      guard let effect else { return }
      counts.grants += 1
      units.removeAll { $0.effect == effect }
      units.append(Unit(effect: effect, end: now + budget.window))
      turns[job] = nil
    case .wait(let wait):
      try promise(free <= ahead, "\(name(job)) has to wait, though \(count)")
      try promise(wait.slot > now, "\(name(job)) was told to wait for a moment that is over")
      counts.waits += 1
      turns[job] = wait.slot
    }
  }

  /// How many stand in line before a job: those that run, or are to run, at the moment that they were told.
  private func countAhead(of job: JobID) -> Int {
    let line = turns.filter { id, slot in
      switch jobs[id]?.state {
      case .running, .ready: true
      case .scheduled: jobs[id]?.runAt == slot
      default: false
      }
    }
    guard let own = line[job] else { return line.count }
    return line.count { ($0.value, $0.key) < (own, job) }
  }

  /// An effect's thing was made by now, if at all: the provider may count it from here.
  private mutating func renew(_ name: String, of job: JobID, at now: Timestamp) {
    let effect = Unit.Effect(job: job, name: name)
    for index in units.indices where units[index].effect == effect {
      units[index].end = BudgetRule.end(madeBy: now, window: budget.window)
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
