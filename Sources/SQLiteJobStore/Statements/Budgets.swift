public import JobQueue

/// The statements of budgets.
enum BudgetStatements {
  static let all = "SELECT account, resource, size, span FROM budget ORDER BY account, resource"

  static let one = "SELECT account, resource, size, span FROM budget WHERE account = ?1 AND resource = ?2"

  static let save = """
    INSERT INTO budget (account, resource, size, span) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT DO UPDATE SET size = ?3, span = ?4
    """

  /// Uses `budget_unit_end`. Units that ended recently may still be asked about: see ``BudgetRule/memory(of:)``.
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

  /// A job that waits for another time is passed over until then.
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

  /// By the primary key, for rows that begin with the job's number.
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

  /// Adopts the size and window of budgets.
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

  /// All budgets that were ever used.
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
