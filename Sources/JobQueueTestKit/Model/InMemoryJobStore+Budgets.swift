public import JobQueue

extension InMemoryJobStore {
  /// Requests a unit of a budget.
  public func acquire(
    _ demand: BudgetDemand, for effect: String?, under lease: Lease, at now: Timestamp
  ) async throws -> BudgetAnswer {
    try JobLimits.check(demand, for: effect, of: lease.job)
    return try commit { tables in
      guard tables.fenced(lease) != nil else {
        throw JobStoreError(
          code: .leaseLost, operation: "ask", target: "job \(lease.job)",
          cause: "lease \(lease.token) is not its newest one")
      }
      return try tables.acquire(demand, for: effect, under: lease, at: now)
    }
  }

  /// Adopts the size and window of budgets.
  public func updateBudgets(_ budgets: [BudgetDemand], at now: Timestamp) async throws {
    try JobLimits.check(count: budgets.count, of: "budgets", "resize")
    for demand in budgets { try JobLimits.check(demand, "resize", of: "budget \(demand.key.resource)") }
    commit { tables in
      for demand in budgets where tables.budgets[demand.key] != nil {
        tables.keep(demand)
        tables.advance([demand.key], at: now)
      }
    }
  }

  /// All budgets that were ever used.
  public func budgets(at now: Timestamp) async throws -> [BudgetStatus] {
    tables.budgets.values.sorted { ($0.key.account, $0.key.resource) < ($1.key.account, $1.key.resource) }
      .map { budget in
        let taken = (tables.units[budget.key] ?? []).filter { $0.end > now }
        let line = tables.line(for: budget.key)
        let slots = BudgetRule.slots(
          max(line.count, 1), ends: taken.map(\.end), size: budget.size, window: budget.window, at: now)
        let next = slots.first ?? now
        return BudgetStatus(
          key: budget.key, size: budget.size, window: budget.window, used: taken.count,
          learned: taken.count { $0.effect == nil }, nextSlot: next > now ? next : nil, waiting: line.count,
          finish: line.isEmpty ? nil : slots.last)
      }
  }
}

extension Tables {
  fileprivate mutating func acquire(
    _ demand: BudgetDemand, for effect: String?, under lease: Lease, at now: Timestamp
  ) throws -> BudgetAnswer {
    let key = demand.key
    keep(demand)
    units[key]?.removeAll { $0.end <= now - BudgetRule.memory(of: demand.window) }
    let own = effect.map { EffectName(job: lease.job, name: $0) }
    let taken = (units[key] ?? []).filter { $0.end > now && ($0.effect == nil || $0.effect != own) }
    let known = turns[lease.job]
    let place = known?.key == key ? known?.place : nil
    let ahead = line(for: key).count { $0.turn.place < place ?? .max }
    let slot = BudgetRule.slot(
      ahead: ahead, ends: taken.map(\.end), size: demand.size, window: demand.window, at: now)
    guard slot <= now else {
      turns[lease.job] = Turn(key: key, place: place ?? newPlace(for: key), slot: slot)
      advance([key, known?.key ?? key], at: now)
      return .wait(BudgetWait(key: key, size: demand.size, used: taken.count, ahead: ahead, slot: slot))
    }
    if let effect, let own {
      units[key, default: []].removeAll { $0.effect == own }
      let unit = Unit(effect: own, end: now + demand.window, place: place ?? newPlace(for: key))
      units[key, default: []].append(unit)
      turns[lease.job] = nil
      _ = try write(.intent(effect: effect), under: lease, at: now)
    }
    advance([key, known?.key ?? key], at: now)
    return .granted
  }

  fileprivate mutating func keep(_ demand: BudgetDemand) {
    let key = demand.key
    if let known = budgets[key], known.window != demand.window {
      // Our units end by today's window; when others took theirs is unknown.
      units[key]?.indices.forEach { index in
        guard let unit = units[key]?[index], unit.effect != nil else { return }
        units[key]?[index].end = unit.end + (demand.window - known.window)
      }
    }
    budgets[key] = demand
  }

  private mutating func newPlace(for key: BudgetKey) -> Int {
    places[key, default: 0] += 1
    return places[key] ?? 0
  }

  /// The jobs in line for a budget, in order.
  fileprivate func line(for key: BudgetKey) -> [(job: JobID, turn: Turn)] {
    turns.filter { id, turn in
      guard turn.key == key, let job = jobs[id] else { return false }
      return job.state == .running || job.state == .ready || job.state == .scheduled && job.runAt == turn.slot
    }
    .map { (job: $0.key, turn: $0.value) }.sorted { $0.turn.place < $1.turn.place }
  }

  /// Recomputes the turns of the first in line.
  mutating func advance(_ keys: Set<BudgetKey>, at now: Timestamp) {
    for budget in keys.compactMap({ budgets[$0] }) {
      let heads = line(for: budget.key).prefix(BudgetRule.heads(of: budget.size))
      let ends = (units[budget.key] ?? []).filter { $0.end > now }.map(\.end)
      let slots = BudgetRule.slots(heads.count, ends: ends, size: budget.size, window: budget.window, at: now)
      for (head, slot) in zip(heads, slots)
      where jobs[head.job]?.state == .scheduled && max(head.turn.slot, now) != slot {
        turns[head.job]?.slot = slot
        jobs[head.job]?.runAt = slot
        jobs[head.job]?.updatedAt = now
      }
    }
  }

  /// A job changed its place: its line may move on. A job that has ended is in no line.
  mutating func updateLine(of job: JobID, at now: Timestamp) {
    guard let turn = turns[job] else { return }
    if jobs[job]?.state.isFinished ?? true { turns[job] = nil }
    advance([turn.key], at: now)
  }

  func wait(_ turn: Turn, at now: Timestamp) -> BudgetWait? {
    guard let budget = budgets[turn.key] else { return nil }
    let ends = (units[turn.key] ?? []).filter { $0.end > now }.map(\.end)
    let ahead = line(for: turn.key).count { $0.turn.place < turn.place }
    let slot = BudgetRule.slot(ahead: ahead, ends: ends, size: budget.size, window: budget.window, at: now)
    return BudgetWait(key: turn.key, size: budget.size, used: ends.count, ahead: ahead, slot: slot)
  }

  /// An effect surely created nothing: its unit is free, and its job returns to its old place in line.
  /// - Returns: the budgets whose lines may move on.
  mutating func giveBack(_ effect: String, of job: JobID, at now: Timestamp) -> Set<BudgetKey> {
    var keys: Set<BudgetKey> = []
    for (key, held) in units {
      for unit in held where unit.effect == EffectName(job: job, name: effect) {
        turns[job] = Turn(key: key, place: unit.place, slot: now)
        keys.insert(key)
      }
      units[key]?.removeAll { $0.effect == EffectName(job: job, name: effect) }
    }
    return keys
  }

  /// The thing for which an effect took a unit was created by now, if at all: the unit counts from here.
  /// - Returns: the budgets whose lines may have to wait longer.
  mutating func renewUnit(of effect: String, of job: JobID, at now: Timestamp) -> Set<BudgetKey> {
    var keys: Set<BudgetKey> = []
    for (key, held) in units {
      guard let budget = budgets[key] else { continue }
      for (index, unit) in held.enumerated() where unit.effect == EffectName(job: job, name: effect) {
        units[key]?[index].end = BudgetRule.end(madeBy: now, window: budget.window)
        keys.insert(key)
      }
    }
    return keys
  }

  /// It is unknown what was taken of any budget meanwhile.
  mutating func fillBudgets(at now: Timestamp) {
    for budget in budgets.values {
      let taken = (units[budget.key] ?? []).count { $0.end > now }
      units[budget.key, default: []] += BudgetRule.unseenEnds(
        taken, of: budget.size, window: budget.window, at: now
      ).map { Unit(effect: nil, end: $0) }
    }
  }

  /// The provider counts a budget as full.
  mutating func learn(_ key: BudgetKey, retryAfter: Duration?, at now: Timestamp) {
    guard let budget = budgets[key] else { return }
    let held = units[key] ?? []
    let missing = budget.size - held.count { $0.end > now }
    let ours = held.filter { $0.effect != nil && $0.end <= now }.map(\.end)
    let ends = BudgetRule.learnedEnds(missing, window: budget.window, requested: retryAfter, ours: ours, at: now)
    units[key, default: []] += ends.map { Unit(effect: nil, end: $0) }
  }
}
