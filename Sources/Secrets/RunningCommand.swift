import CSpawn
import Glibc
import Wire

/// A program that was started in its own session, until it and everything that it started are gone.
struct RunningCommand {
  private let child: pid_t
  private let out: Int32
  private var output: [UInt8] = []
  private var isOpen = true

  init(child: pid_t, out: Int32) {
    self.child = child
    self.out = out
    // Reading must not wait for a child of the program that keeps the pipe open.
    _ = fcntl(out, F_SETFL, O_NONBLOCK)
  }

  /// Reads what it prints until it ends, its time is up, or it has printed too much.
  mutating func finish(by deadline: ContinuousClock.Instant, now: () -> ContinuousClock.Instant) -> SecretCommand.Result
  {
    // Readable once the program has ended; without it (Linux before 5.3) the state is polled often.
    let ended = cspawn_pidfd(child)
    defer { if ended >= 0 { close(ended) } }
    var isCutShort = false
    while !hasEnded {
      let left = (deadline - now()).components
      guard left.seconds >= 0, left.attoseconds >= 0, output.count <= SecretResolver.maximumBytes else {
        isCutShort = true
        break
      }
      var polled = [
        pollfd(fd: ended, events: Int16(POLLIN), revents: 0),
        pollfd(fd: isOpen ? out : -1, events: Int16(POLLIN), revents: 0),
      ]
      _ = poll(&polled, 2, ended < 0 ? 10 : Int32(min(left.seconds, 60)) * 1000 + 10)
      drain()
    }
    // As long as the program is not reaped, nobody else gets its number, which is also its session's.
    endSession()
    drain()
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    return SecretCommand.Result(end: isCutShort ? .timedOut : Self.end(status), output: output)
  }

  private var hasEnded: Bool {
    var info = siginfo_t()
    return waitid(P_PID, id_t(child), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_signo != 0
  }

  private mutating func drain() {
    var chunk = [UInt8](repeating: 0, count: 4096)
    while isOpen, output.count <= SecretResolver.maximumBytes {
      let count = read(out, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN { return }
      guard count > 0 else {
        isOpen = false
        return
      }
      output += chunk[..<count].prefix(SecretResolver.maximumBytes + 1 - output.count)
    }
  }

  /// Kills the processes in the program's group, and those in another group that are still in its session.
  private func endSession() {
    kill(-child, SIGKILL)
    // Until none is left, for at most one second: a process that hangs in the kernel dies when it leaves it.
    for _ in 0..<1000 {
      let members = SessionMembers.of(child).filter { $0 != child }
      if members.isEmpty { return }
      for member in members { kill(member, SIGKILL) }
      usleep(1000)
    }
  }

  private static func end(_ status: Int32) -> SecretCommand.End {
    let signal = status & 0x7f
    return signal == 0 ? .exited((status >> 8) & 0xff) : .killed(signal)
  }
}

/// The living processes of a session, from /proc.
enum SessionMembers {
  static func of(_ session: pid_t) -> [pid_t] {
    guard let directory = opendir("/proc") else { return [] }
    defer { closedir(directory) }
    var members: [pid_t] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard let process = pid_t(name), getsid(process) == session, !isZombie(process) else { continue }
      members.append(process)
    }
    return members
  }

  private static func isZombie(_ process: pid_t) -> Bool {
    guard let bytes = try? SmallFile.read("/proc/\(process)/stat", limit: 4096).bytes else { return true }
    // "12 (name) Z …": the name may contain anything, but ends at the last parenthesis.
    guard let end = bytes.lastIndex(of: UInt8(ascii: ")")), end + 2 < bytes.count else { return true }
    return bytes[end + 2] == UInt8(ascii: "Z")
  }
}
