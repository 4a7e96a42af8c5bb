import Glibc

/// What SIGHUP means to a worker. Decided at its start, because a terminal that is gone cannot be asked any more.
enum HangUp {
  /// It was started on a terminal, which was closed: treated as SIGTERM.
  case end
  /// It runs as a service, and its secrets are to be read again.
  case reload
  /// It was started so as to outlive its terminal, for example by nohup(1).
  case nothing

  /// Looks at how the process was started. From now on the signal is ignored until somebody listens for it.
  static func atStart() -> HangUp {
    let former: sighandler_t? = signal(SIGHUP, SIG_IGN)
    guard isatty(STDERR_FILENO) != 0 else { return .reload }
    // Both are addresses, of a function or one of the special values.
    let wasIgnored = unsafeBitCast(former, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    return wasIgnored ? .nothing : .end
  }
}
