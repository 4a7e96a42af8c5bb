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
  static let held = "SELECT account, resource FROM budget_unit WHERE job IS NOT NULL AND job = ?1 AND effect = ?2"

  /// Uses `budget_unit_effect`.
  static let renew = """
    UPDATE budget_unit SET ends_at = ?5
    WHERE job IS NOT NULL AND job = ?1 AND effect = ?2 AND account = ?3 AND resource = ?4
    """

  static let stretch = """
    UPDATE budget_unit SET ends_at = ends_at + ?3 WHERE account = ?1 AND resource = ?2 AND job IS NOT NULL
    """

  static let take = """
    INSERT INTO budget_unit (account, resource, ends_at, job, effect) VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT (job, effect, account, resource) WHERE job IS NOT NULL DO UPDATE SET ends_at = ?3
    """

  static let learn = "INSERT INTO budget_unit (account, resource, ends_at) VALUES (?1, ?2, ?3)"

  /// Uses `budget_unit_effect`.
  static let giveBack = "DELETE FROM budget_unit WHERE job IS NOT NULL AND job = ?1 AND effect = ?2"

  /// Uses `budget_turn_line`. A job leaves the line when it ends, or waits for another moment.
  static let line = """
    SELECT turn.job, turn.slot FROM budget_turn AS turn CROSS JOIN job ON job.id = turn.job
    WHERE turn.account = ?1 AND turn.resource = ?2
      AND (job.state IN ('running', 'ready') OR job.state = 'scheduled' AND job.run_at = turn.slot)
    ORDER BY turn.slot, turn.job
    """

  static let stand = """
    INSERT INTO budget_turn (job, account, resource, slot) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT DO UPDATE SET account = ?2, resource = ?3, slot = ?4
    """

  static let leave = "DELETE FROM budget_turn WHERE job = ?1"

  static let turn = "SELECT account, resource, slot FROM budget_turn WHERE job = ?1"
}

extension SQLiteJobStore {
  /// Asks for a unit of a budget.
  public func ask(
    _ demand: BudgetDemand, for effect: String?, under lease: Lease, at now: Timestamp
  ) async throws -> BudgetAnswer {
    try StoreLimits.check(demand, for: effect, of: lease.job)
    return try await writer.perform("ask") { connection in
      try connection.requireHeld(lease, "ask")
      return try connection.ask(demand, for: effect, under: lease, at: now)
    }
  }

  /// All budgets that were ever asked.
  public func budgets(at now: Timestamp) async throws -> [BudgetStatus] {
    try await reader.perform("budgets") { connection in
      try connection.all(BudgetStatements.all, row: BudgetDemand.read).map { budget in
        let units = try connection.units(of: budget.key, at: now)
        let line = try connection.line(for: budget.key)
        let next = BudgetRule.slot(
          ahead: 0, ends: units.map(\.end), size: budget.size, window: budget.window, at: now)
        return BudgetStatus(
          key: budget.key, size: budget.size, window: budget.window, used: units.count,
          learned: units.count { $0.job == nil }, nextSlot: next > now ? next : nil, waiting: line.count,
          finish: line.last?.slot)
      }
    }
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
      key: BudgetKey(account: try row.next(), resource: try row.next()), size: try row.next(),
      window: .milliseconds(try row.next(Int64.self)))
  }
}

extension Connection {
  fileprivate func ask(
    _ demand: BudgetDemand, for effect: String?, under lease: Lease, at now: Timestamp
  ) throws -> BudgetAnswer {
    let key = demand.key
    try keep(demand)
    try run(BudgetStatements.forget, key.account, key.resource, now - BudgetRule.memory(of: demand.window))
    let taken = try units(of: key, at: now).filter { $0.job != lease.job || $0.effect != effect }
    let line = try line(for: key)
    let ahead = line.firstIndex { $0.job == lease.job } ?? line.count
    let slot = BudgetRule.slot(
      ahead: ahead, ends: taken.map(\.end), size: demand.size, window: demand.window, at: now)
    guard slot <= now else {
      try run(BudgetStatements.stand, lease.job, key.account, key.resource, slot)
      return .wait(BudgetWait(key: key, size: demand.size, used: taken.count, slot: slot))
    }
    if let effect {
      try run(BudgetStatements.take, key.account, key.resource, now + demand.window, lease.job, effect)
      try run(BudgetStatements.leave, lease.job)
      try run(JournalStatements.intent, lease.job, effect, now)
    }
    return .granted
  }

  /// Takes over size and window, which a worker's configuration may have changed.
  private func keep(_ demand: BudgetDemand) throws {
    let key = demand.key
    let known = try first(BudgetStatements.one, key.account, key.resource, row: BudgetDemand.read)
    guard known != demand else { return }
    if let known {
      // What we took ends by the window of today; when others took theirs, nobody knows.
      let difference = (demand.window - known.window).wholeMilliseconds
      try run(BudgetStatements.stretch, key.account, key.resource, difference)
    }
    try run(BudgetStatements.save, key.account, key.resource, demand.size, demand.window.wholeMilliseconds)
  }

  /// An effect surely made nothing: its unit is free.
  func giveBack(_ effect: String, of job: JobID) throws {
    try run(BudgetStatements.giveBack, job, effect)
  }

  /// The thing that an effect took a unit for was made by now, if at all: the unit counts from here.
  func renewUnit(of effect: String, of job: JobID, at now: Timestamp) throws {
    for key in try all(BudgetStatements.held, job, effect, row: BudgetKey.read) {
      guard let budget = try first(BudgetStatements.one, key.account, key.resource, row: BudgetDemand.read) else {
        continue
      }
      let end = BudgetRule.end(madeBy: now, window: budget.window)
      try run(BudgetStatements.renew, job, effect, key.account, key.resource, end)
    }
  }

  /// The provider counts a budget as full.
  func learn(_ key: BudgetKey, retryAfter: Duration?, at now: Timestamp) throws {
    guard let budget = try first(BudgetStatements.one, key.account, key.resource, row: BudgetDemand.read) else {
      return
    }
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

  /// A scheduled job's place in the line, when that is what it waits for.
  func turn(of job: Job, at now: Timestamp) throws -> BudgetWait? {
    let turn = try first(BudgetStatements.turn, job.id) { row in
      (key: BudgetKey(account: try row.next(), resource: try row.next()), slot: try row.next(Timestamp.self))
    }
    guard let turn, turn.slot == job.runAt else { return nil }
    let budget = try first(BudgetStatements.one, turn.key.account, turn.key.resource, row: BudgetDemand.read)
    return BudgetWait(
      key: turn.key, size: budget?.size ?? 0, used: try units(of: turn.key, at: now).count, slot: turn.slot)
  }

  fileprivate func units(of key: BudgetKey, at now: Timestamp) throws -> [Unit] {
    try all(BudgetStatements.units, key.account, key.resource, now) { row in
      Unit(end: try row.next(), job: try row.next(), effect: try row.next())
    }
  }

  fileprivate func line(for key: BudgetKey) throws -> [(job: JobID, slot: Timestamp)] {
    try all(BudgetStatements.line, key.account, key.resource) { (job: try $0.next(), slot: try $0.next()) }
  }
}
