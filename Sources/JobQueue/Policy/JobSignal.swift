/// What a handler throws to say something other than "failed".
public enum JobSignal: Error, Sendable, Hashable {
  /// Not yet, and not the job's fault: come back after `duration`. Burns no attempt and holds no worker.
  case snooze(for: Duration, why: String)
  /// A budget has no unit left: come back when the job's turn comes. Burns no attempt and holds no worker.
  case waitForBudget(BudgetWait)
  /// Something outside must happen first, or a person must decide.
  case hold(why: String)
  /// It will never work.
  case dead(Failure)
}
