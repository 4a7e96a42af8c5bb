/// What an operator's verb does to a job, by the state that it is in.
public enum OperatorStep: Sendable, Hashable {
  /// It is left as it is.
  case nothing
  /// Its worker is asked to stop it.
  case request
  /// It ends here.
  case end
  /// It may run at once.
  case runNow
  /// It goes on where it stood: it waits for its parents or its moment, or may run.
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

  /// What `discard` does: an operator has looked at what stopped, and lets it be.
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
