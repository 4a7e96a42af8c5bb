/// What an operator's command does to a job, depending on its state.
public enum OperatorStep: Sendable, Hashable {
  /// It is left as it is.
  case nothing
  /// Its worker is asked to stop it.
  case request
  /// It ends here.
  case end
  /// It may run at once.
  case runNow
  /// It continues where it was: it waits for its parents or its planned time, or may run.
  case release
  /// It is held.
  case hold
  /// It is taken from its worker and held, or ends if an operator requested that.
  case takeBack
  /// It starts over: with no failures and crashes, with its parents to wait for, and with its planned time if that is
  /// still ahead (``JobRelease/restart(of:runAt:at:)``).
  case restart

  /// What `cancel` does.
  public static func cancelling(_ state: JobState) -> OperatorStep {
    switch state {
    case .running: .request
    case .blocked, .scheduled, .ready, .held: .end
    case .completed, .dead, .cancelled: .nothing
    }
  }

  /// What `discard` does: an operator has looked at what stopped, and gives it up.
  public static func discarding(_ state: JobState) -> OperatorStep {
    switch state {
    case .dead, .held: .end
    case .blocked, .scheduled, .ready, .running, .completed, .cancelled: .nothing
    }
  }

  /// What `retry` does.
  public static func retrying(_ state: JobState) -> OperatorStep {
    switch state {
    case .running, .ready, .blocked: .nothing
    case .scheduled: .runNow
    case .held: .release
    case .completed, .dead, .cancelled: .restart
    }
  }

  /// What `holdUnfinished` does.
  public static func holding(_ state: JobState) -> OperatorStep {
    switch state {
    case .blocked, .scheduled, .ready: .hold
    case .running: .takeBack
    case .held, .completed, .dead, .cancelled: .nothing
    }
  }
}
