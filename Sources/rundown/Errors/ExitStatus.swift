/// How a command ends. The numbers are frozen: one never changes its meaning.
enum ExitStatus: Int32 {
  /// Done.
  case done = 0
  /// Failed.
  case failed = 1
  /// An error in an option, a file or a value.
  case input = 2
  /// Some of it is done, some failed.
  case partlyFailed = 3
  /// Someone must log in or give a permission.
  case notAllowed = 4
  /// The same command may work later.
  case temporary = 5
  /// There is nothing of that name or number.
  case notFound = 7
  /// What exists at a provider prevents it.
  case conflict = 8
  /// There is something to change; only with `--detailed-exitcode`.
  case changes = 10
  /// The queue file cannot be used: missing, locked, damaged, of a newer program, or open to others.
  case store = 12
  /// `wait` ran out of time.
  case timedOut = 124
  /// Ctrl-C.
  case interrupted = 130
}
