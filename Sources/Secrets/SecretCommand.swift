import CSpawn
import Glibc
public import Wire

/// A program that prints a secret: run without a shell, with bounded output and time.
public enum SecretCommand {
  /// The result of running a program.
  public struct Result: Sendable {
    /// How it ended.
    public var end: End
    /// Standard output, at most ``SecretResolver/maximumBytes`` + 1 bytes. Its standard error is discarded: a program
    /// that fails may well print the secret there.
    public var output: [UInt8]

    /// The program did its work.
    public var succeeded: Bool { end == .exited(0) }

    /// Creates a result.
    public init(end: End, output: [UInt8]) {
      self.end = end
      self.output = output
    }
  }

  /// How a program ended.
  public enum End: Sendable, Hashable, CustomStringConvertible {
    /// By itself, with this status.
    case exited(Int32)
    /// By this signal, which we did not send.
    case killed(Int32)
    /// By us, because its time was up.
    case timedOut

    /// In words.
    public var description: String {
      switch self {
      case .exited(let status): "it exited with status \(status)"
      case .killed(let signal): "it was killed by signal \(signal)"
      case .timedOut: "it took too long and was stopped"
      }
    }
  }

  /// Runs a program in its own session. Blocks until it ends, for at most `timeoutSeconds`; whatever it started and
  /// left behind in that session ends with it.
  ///
  /// - Parameters:
  ///   - arguments: The program and its arguments; a program without `/` is looked up on the environment's `PATH`.
  ///   - environment: The program's entire environment; nothing of this process's own is added.
  ///   - now: The clock of its time limit.
  /// - Throws: ``SystemError`` if it cannot be started.
  public static func run(
    _ arguments: [String], environment: [String: String], timeoutSeconds: Int, now: () -> ContinuousClock.Instant
  ) throws(SystemError) -> Result {
    guard let program = arguments.first else { throw SystemError(number: EINVAL) }
    var out: [Int32] = [-1, -1]
    guard cspawn_pipe(&out) == 0 else { throw SystemError(number: errno) }
    defer { close(out[0]) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, out[1], 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    cspawn_close_from(&actions, 3)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Its own session, so that everything it starts can be found at its end. No signal is blocked in it.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(cspawn_new_session | Int32(POSIX_SPAWN_SETSIGMASK)))
    var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { for pointer in argv { free(pointer) } }
    var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in envp { free(pointer) } }
    var child: pid_t = 0
    var failure = ENOENT
    for candidate in candidates(for: program, path: environment["PATH"]) {
      let outcome = posix_spawn(&child, candidate, &actions, &attributes, &argv, &envp)
      // Like a shell: a file that may not be run is skipped, and reported if no other is found.
      if failure != EACCES || outcome == 0 { failure = outcome }
      guard outcome == ENOENT || outcome == ENOTDIR || outcome == EACCES else { break }
    }
    close(out[1])
    guard failure == 0 else { throw SystemError(number: failure) }
    var run = RunningCommand(child: child, out: out[0])
    return run.finish(by: now() + .seconds(timeoutSeconds), now: now)
  }

  /// Where a program may be. `posix_spawnp` would search this process's own `PATH`.
  private static func candidates(for program: String, path: String?) -> [String] {
    if program.isEmpty || program.contains("/") { return [program] }
    // An empty entry would mean the working directory, from which no program is ever run.
    return (path ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":").map { "\($0)/\(program)" }
  }
}
