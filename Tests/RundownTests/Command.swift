import CSpawn
import Dispatch
import FoundationEssentials
import Glibc
import Testing

/// The built `rundown` as a process of its own, in a folder of its own.
struct Command: Sendable {
  /// What a process left behind.
  struct Ended: Sendable {
    /// The exit status; 128 and the signal's number when a signal ended it.
    var status: Int32
    var output: String
    var errors: String

    /// Standard output as JSON.
    func json<Value: Decodable>(_ type: Value.Type) throws -> Value {
      try JSONDecoder().decode(type, from: Data(output.utf8))
    }
  }

  /// No command of a test may take longer; one that does is killed, so that a defect cannot hang the tests.
  private static let timeLimit: DispatchTimeInterval = .seconds(240)

  let process: pid_t
  private let folder: Folder
  private let name: String

  /// Runs a command to its end.
  static func run(
    _ arguments: [String], in folder: Folder, environment: [String: String] = [:], input: String = ""
  ) async throws -> Ended {
    try await start(arguments, in: folder, environment: environment, input: input).end()
  }

  /// Runs a line of shell in which `rundown` is the command.
  static func shell(_ line: String, in folder: Folder) async throws -> Ended {
    let tools = try executable.split(separator: "/").dropLast().joined(separator: "/")
    return try await spawn("/bin/bash", ["-c", line], in: folder, ["PATH": "/\(tools):/usr/bin:/bin"], "").end()
  }

  /// Starts a command.
  static func start(
    _ arguments: [String], in folder: Folder, environment: [String: String] = [:], input: String = ""
  ) throws -> Command {
    try spawn(executable, arguments, in: folder, environment, input)
  }

  /// Sends a signal.
  func signal(_ number: Int32) { kill(process, number) }

  /// What the command said on standard error so far.
  var errors: String { (try? folder.text("\(name).err")) ?? "" }

  /// Waits for the end. Called once.
  func end() async throws -> Ended {
    let process = process
    let status: Int32 = await withCheckedContinuation { continuation in
      DispatchQueue(label: "command").async {
        let overdue = DispatchWorkItem { kill(process, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.timeLimit, execute: overdue)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        overdue.cancel()
        continuation.resume(returning: status)
      }
    }
    let ended = Ended(
      status: status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F, output: try folder.text("\(name).out"),
      errors: try folder.text("\(name).err"))
    for kind in ["in", "out", "err"] { unlink("\(folder.path)/\(name).\(kind)") }
    return ended
  }

  /// Lets a worker try each job at least once, then ends it: one whose jobs wait behind gates that never open would go on
  /// for ever. Called once.
  func endWhenAllWereTried() async throws -> Ended {
    struct Listed: Decodable {
      struct Job: Decodable { var attempts: Int }
      var jobs: [Job]
    }
    try await eventually {
      let listed = try await Self.run(["jobs", "list", "--json", "--limit", "1000"], in: folder)
      return try listed.json(Listed.self).jobs.allSatisfy { $0.attempts > 0 }
    }
    signal(SIGTERM)
    return try await end()
  }

  /// The executable lies beside the one that runs the tests.
  static var executable: String {
    get throws {
      let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
      return own.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/rundown"
    }
  }

  private static func spawn(
    _ program: String, _ arguments: [String], in folder: Folder, _ environment: [String: String], _ input: String
  ) throws -> Command {
    let name = "command-\(UUID().uuidString)"
    try folder.write("\(name).in", input)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (descriptor, kind, flags) in [
      (STDIN_FILENO, "in", O_RDONLY), (STDOUT_FILENO, "out", O_WRONLY | O_CREAT),
      (STDERR_FILENO, "err", O_WRONLY | O_CREAT),
    ] {
      posix_spawn_file_actions_addopen(&actions, descriptor, "\(folder.path)/\(name).\(kind)", flags, 0o600)
    }
    cspawn_close_from(&actions, 3)
    // A shell that runs the tests in the background would have them ignore an interrupt, and their children too.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var defaults = sigset_t()
    sigemptyset(&defaults)
    for signal in [SIGINT, SIGTERM, SIGPIPE, SIGXFSZ] { sigaddset(&defaults, signal) }
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    // Nothing of the surroundings: a developer's own settings must not decide a test.
    let own = ["HOME": folder.path, "PATH": "/usr/bin:/bin", "RUNDOWN_DATABASE": "rundown.db", "TZ": "UTC0"]
    let variables = own.merging(environment) { _, given in given }
    // It changes the directory of the child only, and becomes the program without another process.
    let env = "/usr/bin/env"
    var words = ([env, "-C", folder.path, program] + arguments).map { strdup($0) } + [nil]
    var lines = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { (words + lines).forEach { free($0) } }
    var process = pid_t()
    let result = posix_spawn(&process, env, &actions, &attributes, &words, &lines)
    try #require(result == 0, "cannot start \(program): \(String(cString: strerror(result)))")
    return Command(process: process, folder: folder, name: name)
  }
}
