import Dispatch
import FoundationEssentials
import Glibc
import Testing

@testable import rundown_standins

@Suite("The command rundown-standins")
struct CommandTests {
  /// A started command: its process and the reading end of its standard output.
  struct Started {
    let process: pid_t
    let output: Int32
  }

  /// The executable lies beside the one that runs the tests.
  static var executable: String {
    get throws {
      let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
      return own.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/rundown-standins"
    }
  }

  static func start(_ arguments: [String]) throws -> Started {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    // What other tests have open must not stay open in the command; one that is not open is no error.
    for descriptor in 3..<256 as Range<Int32> { posix_spawn_file_actions_addclose(&actions, descriptor) }
    let path = try executable
    var words = ([path] + arguments).map { strdup($0) } + [nil]
    defer { words.forEach { free($0) } }
    var process = pid_t()
    // An empty environment: the credentials of the command must be its defaults.
    var environment: [UnsafeMutablePointer<CChar>?] = [nil]
    let result = posix_spawn(&process, path, &actions, nil, &words, &environment)
    close(ends[1])
    try #require(result == 0, "cannot start \(path): \(result)")
    return Started(process: process, output: ends[0])
  }

  /// Runs a blocking call on a thread of its own.
  static func blocking<Value: Sendable>(_ call: @escaping @Sendable () -> Value) async -> Value {
    let queue = DispatchQueue(label: "command")
    return await withCheckedContinuation { continuation in queue.async { continuation.resume(returning: call()) } }
  }

  static func line(from descriptor: Int32) -> String {
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while read(descriptor, &byte, 1) == 1, byte != UInt8(ascii: "\n") { bytes.append(byte) }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test("tells its ports in one line and in a file, answers there, and ends cleanly", arguments: [SIGTERM, SIGINT])
  func runs(signal: Int32) async throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "standins-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    let started = try Self.start(["--engine", "fra1=0", "--engine", "ams1=0", "--ports-file", file.path])
    defer { close(started.output) }
    let line = await Self.blocking { Self.line(from: started.output) }
    let ports = try? JSONDecoder().decode(StandInsPorts.self, from: Data(line.utf8))
    let health = await RawHTTP.send(port: ports?.control ?? 0, "GET", "/healthz")
    kill(started.process, signal)
    let status = await Self.blocking {
      var status: Int32 = -1
      waitpid(started.process, &status, 0)
      return status
    }
    #expect(status == 0)
    #expect(ports.map { Set($0.engines.keys) } == ["fra1", "ams1"])
    #expect(try String(decoding: Data(contentsOf: file), as: UTF8.self) == line + "\n")
    #expect(try Given.answer(health).status == 200)
  }
}
