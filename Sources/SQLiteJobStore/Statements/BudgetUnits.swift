import JobQueue

/// A job's place in a line.
private struct Turn {
  let key: BudgetKey
  let place: Int64
  let slot: Timestamp

  static func read(_ row: inout Row) throws -> Turn {
    Turn(key: try BudgetKey.read(&row), place: try row.next(), slot: try row.next())
  }
}

/// One of the first jobs in line.
private struct Head {
  let job: JobID
  let slot: Timestamp
  let isScheduled: Bool

  static func read(_ row: inout Row) throws -> Head {
    Head(job: try row.next(), slot: try row.next(), isScheduled: try row.next())
  }
}

/// A unit that is taken; without a job, somebody else took it.
struct BudgetUnit {
  let end: Timestamp
  let job: JobID?
  let effect: String?
}

extension BudgetKey {
  fileprivate static func read(_ row: inout Row) throws -> BudgetKey {
    BudgetKey(account: try row.next(), resource: try row.next())
  }
}

extension BudgetDemand {
  static func read(_ row: inout Row) throws -> BudgetDemand {
    BudgetDemand(
      key: try BudgetKey.read(&row), size: try row.next(),
      window: .milliseconds(try row.next(Int64.self)))
  }
}

extension Connection {
  func acquire(
    _ demand: BudgetDemand, for effect: String?, under lease: Lease, at now: Timestamp
  ) throws -> BudgetAnswer {
    let key = demand.key
    try keep(demand)
    try run(BudgetStatements.forget, key.account, key.resource, now - BudgetRule.memory(of: demand.window))
    let taken = try units(of: key, at: now).filter { $0.job != lease.job || $0.effect != effect }
    let known = try first(BudgetStatements.turn, lease.job, row: Turn.read)
    let own = known?.key == key ? known?.place : nil
    let ahead = try countAhead(of: own, for: key)
    let slot = BudgetRule.slot(
      ahead: ahead, ends: taken.map(\.end), size: demand.size, window: demand.window, at: now)
    guard slot <= now else {
      try run(BudgetStatements.stand, lease.job, key.account, key.resource, try own ?? newPlace(for: key), slot)
      try advance(Set([key, known?.key ?? key]), at: now)
      return .wait(BudgetWait(key: key, size: demand.size, used: taken.count, ahead: ahead, slot: slot))
    }
    if let effect {
      let place = try own ?? newPlace(for: key)
      try run(BudgetStatements.take, key.account, key.resource, now + demand.window, lease.job, effect, place)
      try run(BudgetStatements.leave, lease.job)
      try run(JournalStatements.intent, lease.job, effect, now)
    }
    try advance(Set([key, known?.key ?? key]), at: now)
    return .granted
  }

  /// A new place, behind all others.
  private func newPlace(for key: BudgetKey) throws -> Int64 {
    try run(BudgetStatements.countPlace, key.account, key.resource)
    return try value(BudgetStatements.lastPlace, key.account, key.resource) ?? 0
  }

  func budget(_ key: BudgetKey) throws -> BudgetDemand? {
    try first(BudgetStatements.one, key.account, key.resource, row: BudgetDemand.read)
  }

  /// Adopts size and window, which may have changed in a worker's configuration.
  func keep(_ demand: BudgetDemand) throws {
    let key = demand.key
    let known = try budget(key)
    guard known != demand else { return }
    if let known {
      // The units that we took end by the current window; nobody knows when others took theirs.
      let difference = (demand.window - known.window).wholeMilliseconds
      try run(BudgetStatements.stretch, key.account, key.resource, difference)
    }
    try run(BudgetStatements.save, key.account, key.resource, demand.size, demand.window.wholeMilliseconds)
  }

  /// An effect certainly created nothing: its unit is freed, and its job returns to its place in line.
  /// - Returns: the budgets whose lines may move on.
  func giveBack(_ effect: String, of job: JobID, at now: Timestamp) throws -> [BudgetKey] {
    let held = try held(effect, of: job)
    guard !held.isEmpty else { return [] }
    try run(BudgetStatements.giveBack, job, effect)
    for (key, place) in held {
      try run(BudgetStatements.stand, job, key.account, key.resource, place, now)
    }
    return held.map(\.key)
  }

  private func held(_ effect: String, of job: JobID) throws -> [(key: BudgetKey, place: Int64)] {
    try all(BudgetStatements.held, job, effect) { (key: try BudgetKey.read(&$0), place: try $0.next(Int64.self)) }
  }

  /// The thing that an effect took a unit for was created by now, if at all: the unit counts from now.
  /// - Returns: the budgets whose lines may have to wait longer.
  func renewUnit(of effect: String, of job: JobID, at now: Timestamp) throws -> [BudgetKey] {
    let keys = try held(effect, of: job).map(\.key)
    for key in keys {
      guard let budget = try budget(key) else { continue }
      let end = BudgetRule.end(madeBy: now, window: budget.window)
      try run(BudgetStatements.renew, job, effect, key.account, key.resource, end)
    }
    return keys
  }

  /// The provider considers a budget used up.
  func learn(_ key: BudgetKey, retryAfter: Duration?, at now: Timestamp) throws {
    guard let budget = try budget(key) else { return }
    let missing = try budget.size - units(of: key, at: now).count
    let ours = try all(BudgetStatements.past, key.account, key.resource, now, max(missing, 0)) {
      try $0.next(Timestamp.self)
    }
    let ends = BudgetRule.learnedEnds(
      missing, window: budget.window, requested: retryAfter, ours: ours, at: now)
    for end in ends {
      try run(BudgetStatements.learn, key.account, key.resource, end)
    }
  }

  /// Nobody knows how much of any budget was used meanwhile.
  func fillBudgets(at now: Timestamp) throws {
    for budget in try all(BudgetStatements.all, row: BudgetDemand.read) {
      let taken = try units(of: budget.key, at: now).count
      for end in BudgetRule.unseenEnds(taken, of: budget.size, window: budget.window, at: now) {
        try run(BudgetStatements.learn, budget.key.account, budget.key.resource, end)
      }
    }
  }

  /// A scheduled job's place in line, if that is what it waits for.
  func turn(of job: Job, at now: Timestamp) throws -> BudgetWait? {
    guard let turn = try first(BudgetStatements.turn, job.id, row: Turn.read), turn.slot == job.runAt else {
      return nil
    }
    guard let budget = try budget(turn.key) else { return nil }
    let ends = try units(of: turn.key, at: now).map(\.end)
    let ahead = try countAhead(of: turn.place, for: turn.key)
    // Not the slot that was stored, which changes when the job reaches the head of the line.
    let slot = BudgetRule.slot(ahead: ahead, ends: ends, size: budget.size, window: budget.window, at: now)
    return BudgetWait(key: turn.key, size: budget.size, used: ends.count, ahead: ahead, slot: slot)
  }

  func units(of key: BudgetKey, at now: Timestamp) throws -> [BudgetUnit] {
    try all(BudgetStatements.units, key.account, key.resource, now) { row in
      BudgetUnit(end: try row.next(), job: try row.next(), effect: try row.next())
    }
  }

  /// How many jobs are in line before a place; without a place, how many there are in all.
  func countAhead(of place: Int64?, for key: BudgetKey) throws -> Int {
    try value(BudgetStatements.ahead, key.account, key.resource, place ?? .max) ?? 0
  }
}

// MARK: The line moves on

extension Connection {
  /// Computes the slots of the first in line again, by the rule of ``BudgetRule/heads(of:)``. After every change of the
  /// units or of the line, in the same commit.
  func advance(_ keys: some Sequence<BudgetKey>, at now: Timestamp) throws {
    for key in keys {
      guard let budget = try budget(key) else { continue }
      let heads = try all(
        BudgetStatements.heads, key.account, key.resource, BudgetRule.heads(of: budget.size), row: Head.read)
      guard heads.contains(where: \.isScheduled) else { continue }
      let ends = try units(of: key, at: now).map(\.end)
      let slots = BudgetRule.slots(heads.count, ends: ends, size: budget.size, window: budget.window, at: now)
      for (head, slot) in zip(heads, slots) where head.isScheduled && max(head.slot, now) != slot {
        try run(BudgetStatements.moveSlot, head.job, slot)
        try run(BudgetStatements.moveJob, head.job, slot, now)
      }
    }
  }

  /// A job's state changed: its line may move on. A job that has ended leaves the line.
  func updateLine(of job: JobID, in state: JobState, at now: Timestamp) throws {
    guard let turn = try first(BudgetStatements.turn, job, row: Turn.read) else { return }
    if state.isFinished { try run(BudgetStatements.leave, job) }
    try advance([turn.key], at: now)
  }

  /// The same for completed jobs, given as rows that begin with their numbers.
  func updateLines(ofDone done: RowBatch, at now: Timestamp) throws {
    let turns = try all(BudgetStatements.turnsOfAny, done) { row in
      (job: try row.next(JobID.self), key: try BudgetKey.read(&row))
    }
    for turn in turns { try run(BudgetStatements.leave, turn.job) }
    try advance(Set(turns.map(\.key)), at: now)
  }
}
