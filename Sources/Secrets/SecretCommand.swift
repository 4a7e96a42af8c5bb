import CSpawn
import Glibc

/// A program that prints a secret: run without a shell, with bounded output and time.
public enum SecretCommand {
  /// What the program left behind.
  public struct Result: Sendable {
    /// The wait status was exit code 0.
    public var succeeded: Bool
    /// Whether the time ran out and the program was killed.
    public var timedOut: Bool
    /// Standard output, at most ``SecretResolver/maximumBytes`` + 1 bytes.
    public var output: [UInt8]
    /// The first 1,024 bytes of standard error.
    public var errorOutput: [UInt8]

    /// Creates a result.
    public init(succeeded: Bool, timedOut: Bool = false, output: [UInt8], errorOutput: [UInt8] = []) {
      self.succeeded = succeeded
      self.timedOut = timedOut
      self.output = output
      self.errorOutput = errorOutput
    }
  }

  /// Runs a program. Blocks for at most `timeoutSeconds`.
  ///
  /// - Parameters:
  ///   - arguments: The program and its arguments; a program without `/` is looked up on the environment's `PATH`.
  ///   - environment: All that the program has; nothing of this process's own is added.
  ///   - now: The clock that ends its time.
  /// - Throws: ``SystemError`` when it cannot be started.
  public static func run(
    _ arguments: [String], environment: [String: String], timeoutSeconds: Int, now: () -> ContinuousClock.Instant
  ) throws(SystemError) -> Result {
    guard let program = arguments.first else { throw SystemError(number: EINVAL) }
    var out: [Int32] = [-1, -1]
    var err: [Int32] = [-1, -1]
    guard pipe(&out) == 0 else { throw SystemError(number: errno) }
    defer { close(out[0]) }
    guard pipe(&err) == 0 else {
      let number = errno
      close(out[1])
      throw SystemError(number: number)
    }
    defer { close(err[0]) }
    // A program started by another thread before these lines may inherit the pipes; the deadline bounds that wait.
    for descriptor in out + err { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, out[1], 1)
    posix_spawn_file_actions_adddup2(&actions, err[1], 2)
    cspawn_close_from(&actions, 3)
    // A process group of its own, so that the kill at the end of the time reaches its children too.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    posix_spawnattr_setpgroup(&attributes, 0)
    var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { for pointer in argv { free(pointer) } }
    var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in envp { free(pointer) } }
    var child: pid_t = 0
    var failure = ENOENT
    for candidate in candidates(for: program, path: environment["PATH"]) {
      let outcome = posix_spawn(&child, candidate, &actions, &attributes, &argv, &envp)
      // As a shell does: what may not be run is passed over, and told when nothing else is found.
      if failure != EACCES || outcome == 0 { failure = outcome }
      guard outcome == ENOENT || outcome == ENOTDIR || outcome == EACCES else { break }
    }
    close(out[1])
    close(err[1])
    guard failure == 0 else { throw SystemError(number: failure) }
    return collect(child: child, out: out[0], err: err[0], until: now() + .seconds(timeoutSeconds), now: now)
  }

  /// Where a program may be. `posix_spawnp` would look on this process's own `PATH`.
  private static func candidates(for program: String, path: String?) -> [String] {
    if program.isEmpty || program.contains("/") { return [program] }
    // An empty entry would be the working folder, from which no program is ever taken.
    return (path ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":").map { "\($0)/\(program)" }
  }

  private static func collect(
    child: pid_t, out: Int32, err: Int32, until deadline: ContinuousClock.Instant, now: () -> ContinuousClock.Instant
  ) -> Result {
    var result = Result(succeeded: false, output: [])
    var polled = [
      pollfd(fd: out, events: Int16(POLLIN), revents: 0), pollfd(fd: err, events: Int16(POLLIN), revents: 0),
    ]
    var chunk = [UInt8](repeating: 0, count: 4096)
    while polled.contains(where: { $0.fd >= 0 }), result.output.count <= SecretResolver.maximumBytes {
      let left = (deadline - now()).components
      guard left.seconds >= 0, left.attoseconds >= 0 else {
        result.timedOut = true
        break
      }
      _ = poll(&polled, 2, Int32(min(left.seconds, 60)) * 1000 + 10)
      for index in polled.indices where polled[index].fd >= 0 && polled[index].revents != 0 {
        let count = read(polled[index].fd, &chunk, chunk.count)
        if count <= 0 {
          polled[index].fd = -1
        } else if index == 0 {
          result.output += chunk[..<count].prefix(SecretResolver.maximumBytes + 1 - result.output.count)
        } else {
          result.errorOutput += chunk[..<count].prefix(1024 - result.errorOutput.count)
        }
      }
    }
    // Closed pipes do not mean that the program ended; whoever is still there has had its say.
    var status: Int32 = 0
    while !result.timedOut, waitpid(child, &status, WNOHANG) == 0 {
      if now() >= deadline || result.output.count > SecretResolver.maximumBytes { result.timedOut = true }
      usleep(1000)
    }
    if result.timedOut {
      kill(-child, SIGKILL)
      waitpid(child, &status, 0)
    }
    result.succeeded = !result.timedOut && status == 0
    return result
  }
}
