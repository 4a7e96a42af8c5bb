import Testing

@testable import SQLiteJobStore

/// A statement of the store, and what its plan shows.
struct Planned: Sendable, CustomTestStringConvertible {
  /// As it is called in the sources: `Type.name`.
  let name: String
  let sql: String
  /// What it finds its rows by; nil when it looks for none, or for all.
  let index: String?
  /// The table that it may walk from end to end. Why that is little stands beside each.
  let scans: String?
  let sorts: Bool

  init(_ name: String, _ sql: String, _ index: String? = nil, scans: String? = nil, sorts: Bool = false) {
    self.name = name
    self.sql = sql
    self.index = index
    self.scans = scans
    self.sorts = sorts
  }

  var testDescription: String { name }

  /// All there are.
  static let all = coming + running + caring + shown

  /// Jobs come in and are handed out.
  private static let coming = [
    Planned("Enqueue.insert", Enqueue.insert, "rows VIRTUAL TABLE"),
    Planned("Enqueue.insertOne", Enqueue.insertOne),
    // One row for each table that numbers its rows: one.
    Planned("Enqueue.newest", Enqueue.newest, scans: "sqlite_sequence"),
    // The same row.
    Planned("Enqueue.giveBack", Enqueue.giveBack, scans: "sqlite_sequence"),
    Planned("Enqueue.inserted", Enqueue.inserted, "PRIMARY KEY"),
    Planned("Enqueue.holder", Enqueue.holder, "job_unique"),
    Planned("Enqueue.count", Enqueue.count),
    Planned("Enqueue.uncount", Enqueue.uncount, "PRIMARY KEY"),
    Planned("Enqueue.parent", Enqueue.parent),
    Planned("Enqueue.state", Enqueue.state, "PRIMARY KEY"),
    Planned("LeaseStatements.candidates", LeaseStatements.candidates, "job_claim"),
    Planned("LeaseStatements.places", LeaseStatements.places, "job_claim"),
    Planned("LeaseStatements.chosen", LeaseStatements.chosen, "PRIMARY KEY"),
    Planned("LeaseStatements.take", LeaseStatements.take, "PRIMARY KEY"),
    Planned("LeaseStatements.extend", LeaseStatements.extend, "PRIMARY KEY"),
    Planned("LeaseStatements.seen", LeaseStatements.seen, "PRIMARY KEY"),
    Planned("LeasedJournalStatements.effects", LeasedJournalStatements.effects, "PRIMARY KEY"),
    Planned("LeasedJournalStatements.checkpoints", LeasedJournalStatements.checkpoints, "PRIMARY KEY"),
    Planned("LeasedJournalStatements.outputs", LeasedJournalStatements.outputs, "PRIMARY KEY"),
    Planned("LaneStatements.first", LaneStatements.first, "job_claim"),
    Planned("LaneStatements.nextKey", LaneStatements.nextKey, "job_claim (queue=? AND gate=? AND concurrency_key>?"),
    Planned("LaneStatements.nextGate", LaneStatements.nextGate, "job_claim (queue=? AND gate>?"),
    Planned("LaneStatements.running", LaneStatements.running, "job_concurrency"),
  ]

  /// What running jobs write, and how they end.
  private static let running = [
    Planned("CompleteStatements.fence", CompleteStatements.fence, "PRIMARY KEY"),
    Planned("CompleteStatements.held", CompleteStatements.held, "PRIMARY KEY"),
    Planned("CompleteStatements.done", CompleteStatements.done, "PRIMARY KEY"),
    Planned("CompleteStatements.doneAttempts", CompleteStatements.doneAttempts, "PRIMARY KEY"),
    Planned("CompleteStatements.end", CompleteStatements.end, "PRIMARY KEY"),
    Planned("CompleteStatements.endAttempt", CompleteStatements.endAttempt, "PRIMARY KEY"),
    Planned("CompleteStatements.note", CompleteStatements.note),
    Planned("CompleteStatements.children", CompleteStatements.children, "job_child"),
    Planned("CompleteStatements.childrenOfAny", CompleteStatements.childrenOfAny, "job_child"),
    Planned("CompleteStatements.parents", CompleteStatements.parents, "PRIMARY KEY"),
    Planned("CompleteStatements.release", CompleteStatements.release, "PRIMARY KEY"),
    Planned("CompleteStatements.explain", CompleteStatements.explain, "PRIMARY KEY"),
    Planned("JournalStatements.intent", JournalStatements.intent),
    Planned("JournalStatements.result", JournalStatements.result),
    Planned("JournalStatements.refusal", JournalStatements.refusal, "PRIMARY KEY"),
    Planned("JournalStatements.forget", JournalStatements.forget, "PRIMARY KEY"),
    Planned("JournalStatements.unknown", JournalStatements.unknown, "PRIMARY KEY"),
    Planned("JournalStatements.checkpoint", JournalStatements.checkpoint),
    Planned("JournalStatements.survive", JournalStatements.survive, "PRIMARY KEY"),
    Planned("JournalStatements.removal", JournalStatements.removal, "PRIMARY KEY"),
    Planned("JournalStatements.effects", JournalStatements.effects, "PRIMARY KEY"),
    Planned("JournalStatements.checkpoints", JournalStatements.checkpoints, "PRIMARY KEY"),
    Planned("DoubtStatements.ofConcurrencyKey", DoubtStatements.ofConcurrencyKey, "effect_open"),
    Planned("JournalStatements.claimant", JournalStatements.claimant, "effect_claim"),
    Planned("RecordStatements.upsert", RecordStatements.upsert),
    Planned("RecordStatements.insert", RecordStatements.insert),
    Planned("RecordStatements.remove", RecordStatements.remove, "PRIMARY KEY (collection=? AND key=?)"),
    Planned("RecordStatements.one", RecordStatements.one, "PRIMARY KEY (collection=? AND key=?)"),
    Planned("RecordStatements.page", RecordStatements.page, "PRIMARY KEY (collection=? AND key>? AND key<?)"),
    // One row for each gate, and all are shown.
    Planned("GateStatements.all", GateStatements.all, scans: "gate"),
    Planned("GateStatements.one", GateStatements.one, "PRIMARY KEY"),
    Planned("GateStatements.state", GateStatements.state, "PRIMARY KEY"),
    Planned("GateStatements.liveProbe", GateStatements.liveProbe, "PRIMARY KEY"),
    Planned("GateStatements.probe", GateStatements.probe, "PRIMARY KEY"),
    Planned("GateStatements.concerned", GateStatements.concerned, "PRIMARY KEY"),
    Planned("GateStatements.ofJob", GateStatements.ofJob, "PRIMARY KEY"),
    Planned("GateStatements.traits", GateStatements.traits, "PRIMARY KEY"),
    Planned("GateStatements.charge", GateStatements.charge, "PRIMARY KEY"),
    // One row for each gate whose probe failed: the index holds no others.
    Planned("GateStatements.resting", GateStatements.resting, scans: "gate USING INDEX gate_last_probe"),
    Planned("GateStatements.nextProbe", GateStatements.nextProbe, "job_claim"),
    Planned("GateStatements.save", GateStatements.save),
    Planned("GateStatements.due", GateStatements.due, "gate_closed"),
    Planned("GateStatements.nextDue", GateStatements.nextDue, "gate_closed"),
    Planned("GateStatements.letProbe", GateStatements.letProbe, "PRIMARY KEY"),
    Planned("GateStatements.waiting", GateStatements.waiting, "job_claim"),
    // One row for each queue and state.
    Planned("GateStatements.queues", GateStatements.queues, scans: "counter"),
    Planned("GateStatements.holders", GateStatements.holders, "job_concurrency"),
    // One row for each account and resource, and all are shown.
    Planned("BudgetStatements.all", BudgetStatements.all, scans: "budget"),
    Planned("BudgetStatements.one", BudgetStatements.one, "PRIMARY KEY"),
    Planned("BudgetStatements.save", BudgetStatements.save),
    Planned("BudgetStatements.forget", BudgetStatements.forget, "budget_unit_end"),
    Planned("BudgetStatements.units", BudgetStatements.units, "budget_unit_end"),
    Planned("BudgetStatements.past", BudgetStatements.past, "budget_unit_end"),
    Planned("BudgetStatements.held", BudgetStatements.held, "budget_unit_effect"),
    Planned("BudgetStatements.renew", BudgetStatements.renew, "budget_unit_effect"),
    Planned("BudgetStatements.stretch", BudgetStatements.stretch, "budget_unit_end"),
    Planned("BudgetStatements.take", BudgetStatements.take),
    Planned("BudgetStatements.learn", BudgetStatements.learn),
    Planned("BudgetStatements.giveBack", BudgetStatements.giveBack, "budget_unit_effect"),
    Planned("BudgetStatements.heads", BudgetStatements.heads, "budget_turn_line"),
    Planned("BudgetStatements.ahead", BudgetStatements.ahead, "budget_turn_line"),
    Planned("BudgetStatements.countPlace", BudgetStatements.countPlace, "PRIMARY KEY"),
    Planned("BudgetStatements.lastPlace", BudgetStatements.lastPlace, "PRIMARY KEY"),
    Planned("BudgetStatements.stand", BudgetStatements.stand),
    Planned("BudgetStatements.leave", BudgetStatements.leave, "PRIMARY KEY"),
    Planned("BudgetStatements.turn", BudgetStatements.turn, "PRIMARY KEY"),
    Planned("BudgetStatements.turnsOfAny", BudgetStatements.turnsOfAny, "PRIMARY KEY"),
    Planned("BudgetStatements.moveSlot", BudgetStatements.moveSlot, "PRIMARY KEY"),
    Planned("BudgetStatements.moveJob", BudgetStatements.moveJob, "PRIMARY KEY"),
  ]

  /// Duties of workers and verbs of a person.
  private static let caring = [
    Planned("DutyStatements.due", DutyStatements.due, "job_due"),
    Planned("DutyStatements.promote", DutyStatements.promote, "PRIMARY KEY"),
    Planned("DutyStatements.nextDue", DutyStatements.nextDue, "job_due"),
    Planned("LossStatements.expired", LossStatements.expired, "job_lease"),
    Planned("LossStatements.owned", LossStatements.owned, "job_lease"),
    Planned(
      "LossStatements.running", LossStatements.running, "job_lease", scans: "job USING INDEX job_lease"),
    Planned("LossStatements.takeBack", LossStatements.takeBack, "PRIMARY KEY"),
    Planned("LossStatements.open", LossStatements.open),
    Planned("LossStatements.due", LossStatements.due, "open_loss_due"),
    Planned("LossStatements.ofWorker", LossStatements.ofWorker, "open_loss_worker"),
    Planned("LossStatements.close", LossStatements.close, "PRIMARY KEY"),
    Planned("LossStatements.closeJob", LossStatements.closeJob, "PRIMARY KEY"),
    Planned("LossStatements.closeWorker", LossStatements.closeWorker, "open_loss_worker"),
    Planned("LossStatements.standing", LossStatements.standing, "PRIMARY KEY"),
    Planned("LossStatements.count", LossStatements.count, "PRIMARY KEY"),
    Planned("DoubtStatements.any", DoubtStatements.any, "doubt_job"),
    Planned("DoubtStatements.ofKey", DoubtStatements.ofKey, "PRIMARY KEY"),
    Planned("DoubtStatements.amongEnded", DoubtStatements.amongEnded, "doubt_job"),
    Planned("DoubtStatements.raise", DoubtStatements.raise, "PRIMARY KEY"),
    Planned("DoubtStatements.drop", DoubtStatements.drop, "doubt_job"),
    Planned("DoubtStatements.key", DoubtStatements.key, "PRIMARY KEY"),
    Planned("DoubtStatements.intents", DoubtStatements.intents, "PRIMARY KEY"),
    Planned("DoubtStatements.attempts", DoubtStatements.attempts, "PRIMARY KEY"),
    Planned("DoubtStatements.inherit", DoubtStatements.inherit),
    Planned("DoubtStatements.checkpoints", DoubtStatements.checkpoints, "PRIMARY KEY"),
    Planned("DoubtStatements.units", DoubtStatements.units, "budget_unit_effect"),
    Planned("DoubtStatements.await", DoubtStatements.await),
    Planned("DoubtStatements.awaited", DoubtStatements.awaited, "PRIMARY KEY"),
    Planned("DoubtStatements.waiting", DoubtStatements.waiting, "awaited_end_predecessor"),
    Planned("DoubtStatements.stopWaiting", DoubtStatements.stopWaiting, "PRIMARY KEY"),
    Planned("DutyStatements.announce", DutyStatements.announce),
    Planned("DutyStatements.retire", DutyStatements.retire, "PRIMARY KEY"),
    Planned("DutyStatements.old", DutyStatements.old, "job_finished"),
    Planned("DutyStatements.delete", DutyStatements.delete, "PRIMARY KEY"),
    Planned("PersonStatements.request", PersonStatements.request, "PRIMARY KEY"),
    Planned("PersonStatements.cancel", PersonStatements.cancel, "PRIMARY KEY"),
    Planned("PersonStatements.again", PersonStatements.again, "PRIMARY KEY"),
    Planned("PersonStatements.holdBlocked", PersonStatements.holdBlocked, "job_aside"),
    // All that the index holds, and nothing else.
    Planned(
      "PersonStatements.holdScheduled", PersonStatements.holdScheduled, "job_due", scans: "job USING INDEX job_due"),
    Planned("PersonStatements.holdReady", PersonStatements.holdReady, "job_claim", scans: "job USING INDEX job_claim"),
    Planned("PersonStatements.release", PersonStatements.release, "PRIMARY KEY"),
    Planned("PersonStatements.moment", PersonStatements.moment, "PRIMARY KEY"),
    Planned("PersonStatements.now", PersonStatements.now, "PRIMARY KEY"),
    Planned("AuditStatements.add", AuditStatements.add),
    Planned("AuditStatements.grow", AuditStatements.grow, "PRIMARY KEY"),
    Planned("AuditStatements.page", AuditStatements.page, "PRIMARY KEY"),
  ]

  /// What is only read.
  private static let shown = [
    Planned("QueryStatements.attempts", QueryStatements.attempts, "PRIMARY KEY"),
    Planned("QueryStatements.notes", QueryStatements.notes, "note_of_attempt"),
    Planned("QueryStatements.parents", QueryStatements.parents, "PRIMARY KEY"),
    Planned("QueryStatements.children", QueryStatements.children, "job_child"),
    // The rows of the recursion itself.
    Planned("QueryStatements.waits", QueryStatements.waits, "PRIMARY KEY", scans: "waiting"),
    Planned("QueryStatements.outputs", QueryStatements.outputs, "PRIMARY KEY"),
    // One row for each queue and state.
    Planned("QueryStatements.readyCount", QueryStatements.readyCount, scans: "counter"),
    Planned("QueryStatements.countSince", QueryStatements.countSince, "job_created"),
    // One row for each queue and state, and all are shown.
    Planned("QueryStatements.counts", QueryStatements.counts, scans: "counter"),
    // One row for each priority that it found by the index.
    Planned("QueryStatements.oldestInLane", QueryStatements.oldestInLane, "job_claim", scans: "line"),
    // One row for each process that lives; all are shown, in order.
    Planned("QueryStatements.workers", QueryStatements.workers, scans: "worker", sorts: true),
  ]
}
