import CSpawn
import Dispatch
import FoundationEssentials
import Glibc
import Testing

/// A process of ours. It is an actor so that its end is collected once: a number that is free again may be anybody's.
actor Child {
  /// What a process left behind.
  struct Ended: Sendable {
    /// The exit status; 128 and the signal's number when a signal ended it.
    var status: Int32
    var output: String
    var errors: String
  }

  nonisolated let process: pid_t
  private nonisolated let output: String
  private var exitStatus: Int32?

  /// Starts a program; one without a path lies beside the one that runs the tests.
  /// - Parameter output: a path; what the process says goes to files of that name.
  init(_ program: String, _ words: [String], output: String) throws {
    self.output = output
    process = try Self.spawn(program.hasPrefix("/") ? program : try Self.path(of: program), words, output)
  }

  /// Where a program of this package lies.
  static func path(of program: String) throws -> String {
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return own.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/" + program
  }

  /// Sends a signal, unless the process has ended and was collected.
  func signal(_ number: Int32) {
    if exitStatus == nil { Glibc.kill(process, number) }
  }

  /// SIGKILL; returns when the process is gone.
  func kill() async {
    signal(SIGKILL)
    _ = await status()
  }

  /// SIGTERM; returns when the process is gone.
  func terminate() async -> Ended {
    signal(SIGTERM)
    return await end()
  }

  /// Returns when the process is gone.
  func end() async -> Ended { Ended(status: await status(), output: said("out"), errors: said("err")) }

  /// What it said on standard error so far.
  nonisolated var errors: String { said("err") }

  private func status() async -> Int32 {
    await Self.waitUntilOver(process)
    if let exitStatus { return exitStatus }
    var status: Int32 = 0
    waitpid(process, &status, 0)
    let number = status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    exitStatus = number
    return number
  }

  private nonisolated func said(_ kind: String) -> String {
    (try? String(decoding: Data(contentsOf: URL(filePath: "\(output).\(kind)")), as: UTF8.self)) ?? ""
  }

  /// Leaves the process to be collected.
  private static func waitUntilOver(_ process: pid_t) async {
    await withCheckedContinuation { continuation in
      DispatchQueue(label: "child").async {
        var information = siginfo_t()
        while waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT) < 0, errno == EINTR {}
        continuation.resume()
      }
    }
  }

  private static func spawn(_ path: String, _ words: [String], _ output: String) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "\(output).out", O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "\(output).err", O_WRONLY | O_CREAT, 0o600)
    cspawn_close_from(&actions, 3)
    var arguments = ([path] + words).map { strdup($0) } + [nil]
    var variables = [strdup("PATH=/usr/bin:/bin"), strdup("SWIFT_BACKTRACE=enable=no"), nil]
    defer { (arguments + variables).forEach { free($0) } }
    var process = pid_t()
    let number = posix_spawn(&process, path, &actions, nil, &arguments, &variables)
    try #require(number == 0, "cannot start \(path): \(String(cString: strerror(number)))")
    return process
  }
}
