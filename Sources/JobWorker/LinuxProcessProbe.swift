import Glibc
public import JobQueue

/// Looks processes up in `/proc`.
///
/// The host's name is made of the machine id, the boot id and the process namespace: a container, a cloned machine or a
/// machine that was started anew counts process numbers of its own, so their workers must never be looked up here.
public struct LinuxProcessProbe: ProcessProbe {
  /// Machine id, boot id and process namespace.
  public let host: String
  /// The number of this process.
  public let processID: Int32
  /// Clock ticks from the host's start to the start of this process.
  public let processStart: String

  /// Looks up this process.
  public init() {
    let machine = ProcFile.read("/etc/machine-id") ?? "-"
    let boot = ProcFile.read("/proc/sys/kernel/random/boot_id") ?? "-"
    let namespace = ProcFile.target(ofLink: "/proc/self/ns/pid") ?? "-"
    host = "\(machine)/\(boot)/\(namespace)"
    processID = getpid()
    processStart = ProcFile.read("/proc/self/stat").flatMap(ProcessStat.init)?.start ?? ""
  }

  /// Whether a process of the worker's number and start lives; true when that cannot be found out.
  public func isAlive(_ worker: WorkerRecord) -> Bool {
    guard worker.pid > 0, !worker.processStart.isEmpty else { return true }
    if let stat = ProcFile.read("/proc/\(worker.pid)/stat").flatMap(ProcessStat.init) {
      return stat.start == worker.processStart && !stat.hasEnded
    }
    // With hidepid the entries of other users are invisible, but a signal's refusal tells that they are there.
    return !(kill(worker.pid, 0) == -1 && errno == ESRCH)
  }
}

/// What `/proc/PID/stat` says, see proc_pid_stat(5).
struct ProcessStat: Sendable, Hashable {
  /// Field 22: clock ticks from the host's start to the start of the process.
  var start: String
  /// Whether only the process's entry is left, until its parent takes notice.
  var hasEnded: Bool

  /// Reads the line. The second field is the program's name in parentheses, and may itself hold spaces and
  /// parentheses: fields are counted from the last one that closes.
  init?(_ line: String) {
    guard let name = line.lastIndex(of: ")") else { return nil }
    let fields = line[line.index(after: name)...].split(separator: " ")
    guard fields.count >= 20, let state = fields.first else { return nil }
    start = String(fields[19])
    hasEnded = ["Z", "X", "x"].contains(state)
  }
}
