import Glibc
public import JobQueue
import Wire

/// Looks up processes by their numbers, with `kill(2)` and in `/proc`.
///
/// The host's name consists of the machine id, the boot id, the process namespace and the time namespace. A container,
/// a cloned machine and a rebooted machine each count process numbers of their own, and a time namespace shifts the
/// start of every process, so workers elsewhere must never be looked up here. A process that cannot find out where it
/// runs is a host of its own: it looks nobody up, and nobody looks it up.
public struct LinuxProcessProbe: ProcessProbe {
  /// Machine id, boot id, process namespace and time namespace.
  public let host: String
  /// The number of this process.
  public let processID: Int32
  /// Clock ticks from the host's start to the start of this process; empty if it cannot be read.
  public let processStart: String
  private let view: ProcessView?

  /// Describes this process.
  /// - Parameter random: provides a host name for a process that cannot find out where it runs.
  public init(random: some RandomSource = SystemRandom()) {
    processID = getpid()
    view = ProcessView.current()
    let machine = ProcFile.read("/etc/machine-id") ?? "-"
    if let view {
      host = "\(machine)/\(view.boot)/\(view.processes)/\(view.times)"
      processStart = ProcFile.read("/proc/self/stat").flatMap(ProcessStat.init)?.start ?? ""
    } else {
      host = "\(machine)/unknown/\(processID)/\(String(random.next(), radix: 16))"
      processStart = ""
    }
  }

  /// Whether the worker's process is alive; false only with proof, which is one of these:
  ///
  /// * The kernel knows no process with its number. Only `kill` can show that, never `/proc`, which may be mounted for
  ///   other namespaces, hide the processes of other users, or be missing.
  /// * A `/proc` that shows this very process under its own number shows, under the worker's number, a process that was
  ///   started at another time, or one of which only the entry is left.
  public func isAlive(_ worker: WorkerRecord) -> Bool {
    guard let view, worker.host == host, worker.pid > 0 else { return true }
    if kill(worker.pid, 0) == -1, errno == ESRCH { return false }
    guard !worker.processStart.isEmpty, view.showsOwnNumbers,
      let stat = ProcFile.read("/proc/\(worker.pid)/stat").flatMap(ProcessStat.init)
    else { return true }
    return stat.start == worker.processStart && !stat.hasEnded
  }
}

/// Where this process runs, as far as process numbers and start times are concerned.
struct ProcessView: Sendable, Hashable {
  /// The id of the kernel's boot: each boot counts namespaces from the beginning.
  let boot: String
  /// The process namespace, as in `pid:[4026531836]`.
  let processes: String
  /// The time namespace; "-" if the kernel has none.
  let times: String

  /// Nil if `/proc` is missing or does not know this process: then it belongs to a namespace in which this process has
  /// no number.
  static func current() -> ProcessView? {
    guard let boot = ProcFile.read("/proc/sys/kernel/random/boot_id"),
      let processes = ProcFile.target(ofLink: "/proc/self/ns/pid")
    else { return nil }
    return ProcessView(boot: boot, processes: processes, times: ProcFile.target(ofLink: "/proc/self/ns/time") ?? "-")
  }

  /// Whether `/proc` still belongs to this place and numbers processes as this process does. That of an outer namespace
  /// shows it under another number, and someone else under its own number.
  var showsOwnNumbers: Bool {
    ProcFile.target(ofLink: "/proc/self") == "\(getpid())" && ProcessView.current() == self
  }
}

/// The content of `/proc/PID/stat`, see proc_pid_stat(5).
struct ProcessStat: Sendable, Hashable {
  /// Field 22: clock ticks from the host's start to the start of the process.
  var start: String
  /// Whether only the process's entry is left, until its parent collects it.
  var hasEnded: Bool

  /// Reads the line. The second field is the program's name in parentheses, which may itself contain spaces and
  /// parentheses: fields are counted from the last closing one.
  init?(_ line: String) {
    guard let name = line.lastIndex(of: ")") else { return nil }
    let fields = line[line.index(after: name)...].split(separator: " ")
    guard fields.count >= 20, let state = fields.first, let threads = Int(fields[17]) else { return nil }
    start = String(fields[19])
    // A process whose first thread has ended shows as a zombie while its other threads go on.
    hasEnded = ["Z", "X", "x"].contains(state) && threads <= 1
  }
}

/// A small file of the kernel, such as those below `/proc`.
enum ProcFile {
  /// The file's first 4 KiB as text without surrounding white space; nil if it cannot be read.
  static func read(_ path: String) -> String? {
    guard let file = try? SmallFile.read(path, limit: 4096), !file.bytes.isEmpty else { return nil }
    let text = String(decoding: file.bytes.prefix(4096), as: UTF8.self)
    return String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }

  /// The target of a link; nil if it is not a link or cannot be read.
  static func target(ofLink path: String) -> String? {
    var bytes = [CChar](repeating: 0, count: 256)
    let count = readlink(path, &bytes, bytes.count)
    guard count > 0 else { return nil }
    return String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
