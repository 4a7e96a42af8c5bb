import JobQueue
import JobQueueTestKit

// MARK: Gates and keys

extension BrokenStore {
  func leasePastLanes(_ request: LeaseRequest, at now: Timestamp) async throws -> [LeasedJob] {
    var request = request
    if defect == .keyIgnored { request.concurrency = ["narrow": 99, "wide": 99] }
    let gates = await model.tamper { $0.gates }
    await model.tamper { [defect] tables in
      switch defect {
      case .gateIgnored: tables.gates = [:]
      case .sameProbe:
        for key in gates.keys { tables.gates[key]?.lastProbe = nil }
      case .twoProbes:
        for key in gates.keys { tables.gates[key]?.probe = nil }
      case .lostProbe:
        for (key, gate) in gates where gate.probe != nil { tables.gates[key]?.state = .closed }
      case .childBeforeParent:
        let child = tables.jobs.values.filter { $0.state == .blocked }.map(\.id).min()
        if let child { tables.jobs[child]?.state = .ready }
      default: break
      }
    }
    let leased = try await model.lease(request, at: now)
    await model.tamper { [defect] tables in
      switch defect {
      case .gateIgnored: tables.gates = gates
      case .sameProbe:
        for (key, gate) in gates { tables.gates[key]?.lastProbe = gate.lastProbe }
      case .lostProbe:
        for (key, gate) in gates { tables.gates[key]?.state = gate.state }
      default: break
      }
    }
    return leased
  }

  /// Undoes what somebody who got through did to a series, or to the job whose probe met it.
  func undoSuccess(_ before: Tables) async {
    await model.tamper { [defect] tables in
      for (key, gate) in before.gates {
        if defect == .seriesUnbroken, gate.state == .open, tables.gates[key]?.state == .open,
          tables.gates[key]?.series.isEmpty == true
        {
          tables.gates[key]?.series = gate.series
        }
        if defect == .ownFailureForgiven, let suspect = gate.series.suspect, let job = before.jobs[suspect.job],
          job.state == .ready, tables.jobs[suspect.job]?.state == .ready
        {
          tables.jobs[suspect.job]?.failures = job.failures
        }
      }
    }
  }

  /// Undoes what an answer did to a half-open gate.
  func keepHalfOpen(_ before: [String: Gate]) async {
    await model.tamper { tables in
      for (key, gate) in before where gate.state == .halfOpen && tables.gates[key]?.state == .open {
        tables.gates[key] = gate
      }
    }
  }
}

// MARK: Budgets

extension BrokenStore {
  func acquire(
    _ demand: BudgetDemand, for effect: String?, under lease: Lease, at now: Timestamp
  ) async throws -> BudgetAnswer {
    let before = await model.tamper { $0 }
    var lease = lease
    var hidden: Tables.Unit?
    switch defect {
    case .unitForZombie: lease = await newest(lease)
    case .lineIgnored: await model.tamper { $0.turns = [:] }
    // Whoever took the newest unit came between the look and the taking.
    case .lookThenTake: hidden = await model.tamper { $0.units[demand.key]?.popLast() }
    default: break
    }
    let answer = try await model.acquire(demand, for: effect, under: lease, at: now)
    await model.tamper { [defect, hidden, lease] tables in
      if let hidden { tables.units[demand.key]?.append(hidden) }
      if defect == .lineIgnored {
        tables.turns.merge(before.turns) { own, _ in own }
      }
      if defect == .unitWithoutIntent, let effect {
        tables.effects[lease.job]?[effect] = before.effects[lease.job]?[effect]
      }
    }
    return answer
  }

  /// Who waited for a moment waits for the same one.
  func keepMoments(_ before: Tables) async {
    await model.tamper { tables in
      for (id, job) in before.jobs where job.state == .scheduled && tables.jobs[id]?.state == .scheduled {
        tables.jobs[id]?.runAt = job.runAt
        tables.turns[id] = before.turns[id]
      }
    }
  }

  func keep(_ units: [BudgetKey: [Tables.Unit]], refused entries: [JournalEntry], of job: JobID) async {
    let refused = entries.compactMap { if case .refusal(let effect) = $0 { effect } else { nil } }
    await model.tamper { tables in
      for (key, taken) in units {
        tables.units[key]? += taken.filter { unit in
          unit.effect.map { $0.job == job && refused.contains($0.name) } ?? false
        }
      }
    }
  }
}
