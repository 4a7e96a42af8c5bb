import Glibc

/// What SIGHUP means to a worker, decided at its start: a terminal that is gone cannot be asked any more.
enum HangUp {
  /// It was started on a terminal, which went away: as SIGTERM.
  case end
  /// Whoever runs it as a service wants its secrets read again.
  case reload
  /// It was started so that it outlives its terminal, as by nohup(1).
  case nothing

  /// Looks at what the process was given. From now on, until somebody listens to it, the signal does nothing.
  static func atStart() -> HangUp {
    let former: sighandler_t? = signal(SIGHUP, SIG_IGN)
    guard isatty(STDERR_FILENO) != 0 else { return .reload }
    // Both are addresses, of a function or one of the words that stand for none.
    let wasIgnored = unsafeBitCast(former, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    return wasIgnored ? .nothing : .end
  }
}
