import CSpawn
import Dispatch
import Glibc

/// A program that never outlives the process that started it.
///
/// A shell reads from a named pipe that only this process holds open for writing. Whatever ends this process, a crash
/// or SIGKILL included, closes the pipe, and the shell then kills the server and removes its directory. A parent-death
/// signal would not do: it fires when the *thread* that started the child ends, and threads come and go here.
public struct ServerProcess: Sendable {
  private let process: pid_t
  private let lifeline: Int32
  /// Holds the program's log, unless that is elsewhere, and whatever it writes.
  private let directory: String

  /// The descriptors of other tests must not stay open in the server; those of the pipe and the standard three stay.
  private static let script = """
    for open in /proc/self/fd/*; do
      number=${open##*/}
      [ "$number" -le 3 ] || eval "exec $number>&-"
    done
    (read -r _ <&3; kill -KILL $$; rm -rf -- "$1") >/dev/null 2>&1 &
    exec 3<&- >"$2"
    if [ "$2" = "$3" ]; then exec 2>&1; else exec 2>"$3"; fi
    shift 3
    exec "$@"
    """

  /// Starts a program in an environment made for it.
  /// - Parameters:
  ///   - program: its path.
  ///   - output: a path: what it says goes to `OUTPUT.out` and `OUTPUT.err`; nil: to one log in its own directory.
  ///   - environment: `NAME=value` lines, given the program's own directory.
  /// - Throws: ``TestServerError`` when the system refuses.
  public static func start(
    program: String, arguments words: [String] = [], output: String? = nil,
    environment: (_ directory: String) -> [String]
  ) throws -> ServerProcess {
    var template = Array("/tmp/rundown-server.XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw failure("mkdtemp", errno) }
    let directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let fifo = "\(directory)/lifeline"
    // A named pipe can be opened close-on-exec in one step: no child of another test inherits this end.
    guard mkfifo(fifo, 0o600) == 0 else { throw failure("mkfifo", errno) }
    let lifeline = open(fifo, O_RDWR | O_CLOEXEC)
    guard lifeline >= 0 else { throw failure("open \(fifo)", errno) }

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    posix_spawn_file_actions_addopen(&actions, 3, fifo, O_RDONLY, 0)
    cspawn_close_from(&actions, 4)
    // A group of its own: an interrupt at the terminal must not take the shell away from its duty.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    posix_spawnattr_setpgroup(&attributes, 0)

    let files = output.map { ["\($0).out", "\($0).err"] } ?? ["\(directory)/log", "\(directory)/log"]
    var arguments = cStrings(["bash", "-c", script, "bash", directory] + files + [program] + words)
    var variables = cStrings(environment(directory))
    defer { for pointer in arguments + variables { free(pointer) } }
    var child: pid_t = 0
    let number = posix_spawn(&child, "/bin/bash", &actions, &attributes, &arguments, &variables)
    guard number == 0 else {
      close(lifeline)
      throw failure("posix_spawn", number)
    }
    return ServerProcess(process: child, lifeline: lifeline, directory: directory)
  }

  /// Whether the program is gone; it stays to be collected by ``stop()`` or ``end()``.
  public func hasEnded() -> Bool {
    var information = siginfo_t()
    let answered = waitid(P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT)
    return answered != 0 || information.si_signo != 0
  }

  /// The process's number, as long as it was not collected.
  public var number: Int32 { process }

  /// The last 4 KiB of what the server said.
  public func logTail() -> String {
    let descriptor = open("\(directory)/log", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "(no log)" }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let start = max(0, lseek(descriptor, 0, SEEK_END) - off_t(bytes.count))
    let count = pread(descriptor, &bytes, bytes.count, start)
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : "(an empty log)"
  }

  /// Sends a signal; not after ``end()`` or ``stop()``: the number may be another process's then.
  public func signal(_ number: Int32) { kill(process, number) }

  /// Waits for the program's end and collects it. Called once, and not after ``stop()``.
  /// - Returns: the exit status; 128 and the signal's number when a signal ended it.
  public func end() async -> Int32 {
    await withCheckedContinuation { continuation in
      // A thread of its own: many programs are waited for at the same time.
      DispatchQueue(label: "end").async { continuation.resume(returning: collect()) }
    }
  }

  /// Lets the shell kill the program and waits for its end. Called once.
  public func stop() {
    close(lifeline)
    while waitpid(process, nil, 0) < 0, errno == EINTR {}
  }

  private func collect() -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    // Now the shell cleans up; what it would kill is gone.
    close(lifeline)
    return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
  }

  private static func cStrings(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] { texts.map { strdup($0) } + [nil] }

  private static func failure(_ call: String, _ number: Int32) -> TestServerError {
    TestServerError("\(call): \(String(cString: strerror(number)))")
  }
}
