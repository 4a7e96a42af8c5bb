public import JobQueue

/// The statements of budgets.
enum BudgetStatements {
  static let all = "SELECT account, resource, size, span FROM budget ORDER BY account, resource"

  static let one = "SELECT account, resource, size, span FROM budget WHERE account = ?1 AND resource = ?2"

  static let save = """
    INSERT INTO budget (account, resource, size, span) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT DO UPDATE SET size = ?3, span = ?4
    """

  /// Uses `budget_unit_end`. Of those that ended a while ago one may ask again: see ``BudgetRule/memory(of:)``.
  static let forget = "DELETE FROM budget_unit WHERE account = ?1 AND resource = ?2 AND ends_at <= ?3"

  /// Uses `budget_unit_end`.
  static let units = """
    SELECT ends_at, job, effect FROM budget_unit WHERE account = ?1 AND resource = ?2 AND ends_at > ?3 ORDER BY ends_at
    """

  /// Uses `budget_unit_end`.
  static let past = """
    SELECT ends_at FROM budget_unit WHERE account = ?1 AND resource = ?2 AND ends_at <= ?3 AND job IS NOT NULL
    ORDER BY ends_at DESC LIMIT ?4
    """

  /// Uses `budget_unit_effect`.
  static let held = """
    SELECT account, resource, place FROM budget_unit WHERE job IS NOT NULL AND job = ?1 AND effect = ?2
    """

  /// Uses `budget_unit_effect`.
  static let renew = """
    UPDATE budget_unit SET ends_at = ?5
    WHERE job IS NOT NULL AND job = ?1 AND effect = ?2 AND account = ?3 AND resource = ?4
    """

  static let stretch = """
    UPDATE budget_unit SET ends_at = ends_at + ?3 WHERE account = ?1 AND resource = ?2 AND job IS NOT NULL
    """

  static let take = """
    INSERT INTO budget_unit (account, resource, ends_at, job, effect, place) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
    ON CONFLICT (job, effect, account, resource) WHERE job IS NOT NULL DO UPDATE SET ends_at = ?3, place = ?6
    """

  static let learn = "INSERT INTO budget_unit (account, resource, ends_at) VALUES (?1, ?2, ?3)"

  /// Uses `budget_unit_effect`.
  static let giveBack = "DELETE FROM budget_unit WHERE job IS NOT NULL AND job = ?1 AND effect = ?2"

  /// Whoever waits for another moment is passed over until that comes.
  private static let standing = """
    FROM budget_turn AS turn CROSS JOIN job ON job.id = turn.job
    WHERE turn.account = ?1 AND turn.resource = ?2
      AND (job.state IN ('running', 'ready') OR job.state = 'scheduled' AND job.run_at = turn.slot)
    """

  /// Uses `budget_turn_line`.
  static let heads = """
    SELECT turn.job, turn.slot, job.state = 'scheduled' \(standing) ORDER BY turn.place LIMIT ?3
    """

  /// Uses `budget_turn_line`.
  static let ahead = "SELECT count(*) \(standing) AND turn.place < ?3"

  static let countPlace = "UPDATE budget SET places = places + 1 WHERE account = ?1 AND resource = ?2"

  static let lastPlace = "SELECT places FROM budget WHERE account = ?1 AND resource = ?2"

  static let stand = """
    INSERT INTO budget_turn (job, account, resource, place, slot) VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT DO UPDATE SET account = ?2, resource = ?3, place = ?4, slot = ?5
    """

  static let leave = "DELETE FROM budget_turn WHERE job = ?1"

  static let turn = "SELECT account, resource, place, slot FROM budget_turn WHERE job = ?1"

  /// By the primary key, of rows that begin with the job's number.
  static let turnsOfAny = """
    SELECT turn.job, turn.account, turn.resource FROM rows(?1) AS ended
    CROSS JOIN budget_turn AS turn ON turn.job = ended.c0
    """

  static let moveSlot = "UPDATE budget_turn SET slot = ?2 WHERE job = ?1"

  static let moveJob = "UPDATE job SET run_at = ?2, updated_at = ?3 WHERE id = ?1"
}

extension SQLiteJobStore {
  /// Asks for a unit of a budget.
  public func acquire(
    _ demand: BudgetDemand, for effect: String?, under lease: Lease, at now: Timestamp
  ) async throws -> BudgetAnswer {
    try JobLimits.check(demand, for: effect, of: lease.job)
    return try await writer.perform("ask", wakes: true) { connection in
      try connection.requireHeld(lease, "ask")
      return try connection.acquire(demand, for: effect, under: lease, at: now)
    }
  }

  /// Takes over the size and window of budgets.
  public func updateBudgets(_ budgets: [BudgetDemand], at now: Timestamp) async throws {
    try JobLimits.check(count: budgets.count, of: "budgets", "resize")
    for demand in budgets { try JobLimits.check(demand, "resize", of: "budget \(demand.key.resource)") }
    guard !budgets.isEmpty else { return }
    try await writer.perform("resize", wakes: true) { connection in
      for demand in budgets where try connection.budget(demand.key) != nil {
        try connection.keep(demand)
        try connection.advance([demand.key], at: now)
      }
    }
  }

  /// All budgets that were ever asked.
  public func budgets(at now: Timestamp) async throws -> [BudgetStatus] {
    try await reader.perform("budgets") { connection in
      try connection.all(BudgetStatements.all, row: BudgetDemand.read).map { budget in
        let units = try connection.units(of: budget.key, at: now)
        let waiting = try connection.countAhead(of: nil, for: budget.key)
        let slots = BudgetRule.slots(
          max(waiting, 1), ends: units.map(\.end), size: budget.size, window: budget.window, at: now)
        let next = slots.first ?? now
        return BudgetStatus(
          key: budget.key, size: budget.size, window: budget.window, used: units.count,
          learned: units.count { $0.job == nil }, nextSlot: next > now ? next : nil, waiting: waiting,
          finish: waiting > 0 ? slots.last : nil)
      }
    }
  }
}

/// A job's place in a line.
private struct Turn {
  let key: BudgetKey
  let place: Int64
  let slot: Timestamp

  static func read(_ row: inout Row) throws -> Turn {
    Turn(key: try BudgetKey.read(&row), place: try row.next(), slot: try row.next())
  }
}

/// One of the first in line.
private struct Head {
  let job: JobID
  let slot: Timestamp
  let isScheduled: Bool

  static func read(_ row: inout Row) throws -> Head {
    Head(job: try row.next(), slot: try row.next(), isScheduled: try row.next())
  }
}

/// A unit that is taken; without a job somebody else took it.
private struct Unit {
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
  fileprivate static func read(_ row: inout Row) throws -> BudgetDemand {
    BudgetDemand(
      key: try BudgetKey.read(&row), size: try row.next(),
      window: .milliseconds(try row.next(Int64.self)))
  }
}

extension Connection {
  fileprivate func acquire(
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

  /// Behind all others.
  private func newPlace(for key: BudgetKey) throws -> Int64 {
    try run(BudgetStatements.countPlace, key.account, key.resource)
    return try value(BudgetStatements.lastPlace, key.account, key.resource) ?? 0
  }

  fileprivate func budget(_ key: BudgetKey) throws -> BudgetDemand? {
    try first(BudgetStatements.one, key.account, key.resource, row: BudgetDemand.read)
  }

  /// Takes over size and window, which a worker's configuration may have changed.
  fileprivate func keep(_ demand: BudgetDemand) throws {
    let key = demand.key
    let known = try budget(key)
    guard known != demand else { return }
    if let known {
      // What we took ends by the window of today; when others took theirs, nobody knows.
      let difference = (demand.window - known.window).wholeMilliseconds
      try run(BudgetStatements.stretch, key.account, key.resource, difference)
    }
    try run(BudgetStatements.save, key.account, key.resource, demand.size, demand.window.wholeMilliseconds)
  }

  /// An effect surely made nothing: its unit is free, and its job stands again where it stood.
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

  /// The thing that an effect took a unit for was made by now, if at all: the unit counts from here.
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

  /// The provider counts a budget as full.
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

  /// Nobody knows what was taken of any budget meanwhile.
  func fillBudgets(at now: Timestamp) throws {
    for budget in try all(BudgetStatements.all, row: BudgetDemand.read) {
      let taken = try units(of: budget.key, at: now).count
      for end in BudgetRule.unseenEnds(taken, of: budget.size, window: budget.window, at: now) {
        try run(BudgetStatements.learn, budget.key.account, budget.key.resource, end)
      }
    }
  }

  /// A scheduled job's place in the line, when that is what it waits for.
  func turn(of job: Job, at now: Timestamp) throws -> BudgetWait? {
    guard let turn = try first(BudgetStatements.turn, job.id, row: Turn.read), turn.slot == job.runAt else {
      return nil
    }
    guard let budget = try budget(turn.key) else { return nil }
    let ends = try units(of: turn.key, at: now).map(\.end)
    let ahead = try countAhead(of: turn.place, for: turn.key)
    // Not what it was told, which changes when it comes to the head of the line.
    let slot = BudgetRule.slot(ahead: ahead, ends: ends, size: budget.size, window: budget.window, at: now)
    return BudgetWait(key: turn.key, size: budget.size, used: ends.count, ahead: ahead, slot: slot)
  }

  fileprivate func units(of key: BudgetKey, at now: Timestamp) throws -> [Unit] {
    try all(BudgetStatements.units, key.account, key.resource, now) { row in
      Unit(end: try row.next(), job: try row.next(), effect: try row.next())
    }
  }

  /// How many stand in line before a place; before its end without one.
  fileprivate func countAhead(of place: Int64?, for key: BudgetKey) throws -> Int {
    try value(BudgetStatements.ahead, key.account, key.resource, place ?? .max) ?? 0
  }
}

// MARK: The line moves on

extension Connection {
  /// Tells the first in line their turns anew, by the rule of ``BudgetRule/heads(of:)``. After every change of the units
  /// or of the line, in its commit.
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

  /// A job is no longer where it was: its line may move on. One that has ended is in none.
  func updateLine(of job: JobID, in state: JobState, at now: Timestamp) throws {
    guard let turn = try first(BudgetStatements.turn, job, row: Turn.read) else { return }
    if state.isFinished { try run(BudgetStatements.leave, job) }
    try advance([turn.key], at: now)
  }

  /// The same for jobs that are done, of rows that begin with their numbers.
  func updateLines(ofDone done: RowBatch, at now: Timestamp) throws {
    let turns = try all(BudgetStatements.turnsOfAny, done) { row in
      (job: try row.next(JobID.self), key: try BudgetKey.read(&row))
    }
    for turn in turns { try run(BudgetStatements.leave, turn.job) }
    try advance(Set(turns.map(\.key)), at: now)
  }
}
