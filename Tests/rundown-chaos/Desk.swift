import FoundationEssentials
import Glibc
import TestServers

/// The desk at which a person works with one queue file: its configuration and the real command.
struct Desk: Sendable {
  let folder: String
  /// Names the queue file and the configuration.
  let name: String

  /// Where the files lie that are uploaded.
  var recordings: String { "\(folder)/recordings" }

  /// Starts `rundown`; what it says goes to files named `output`.
  func start(_ words: [String], output: String) throws -> ServerProcess {
    try ServerProcess.start(
      program: try Repository.program("rundown"), arguments: words, output: "\(folder)/\(output)"
    ) { directory in
      [
        "PATH=/usr/bin:/bin", "HOME=\(directory)", "RUNDOWN_CONFIG=\(folder)/\(name).yaml", "SWIFT_BACKTRACE=enable=no",
      ]
    }
  }

  /// Runs `rundown` to its end and gives what it said on standard output.
  /// - Parameter fine: the exit codes that are no failure.
  @discardableResult
  func run(_ words: [String], fine: Set<Int32> = [0]) async throws -> String {
    // Several may run at a time.
    let output = "command-\(UInt64.random(in: 0...UInt64.max))"
    defer { for kind in ["out", "err"] { unlink("\(folder)/\(output).\(kind)") } }
    let status = try await start(words, output: output).end()
    guard fine.contains(status) else {
      throw StormError("rundown \(words.joined(separator: " ")) ended with \(status): \(text("\(output).err"))")
    }
    return text("\(output).out")
  }

  /// Puts jobs into the queue.
  func enqueue(_ jobs: [StormJob]) async throws {
    let file = "\(folder)/\(name)-jobs.json"
    try JSONEncoder().encode(StormJobFile(jobs: jobs)).write(to: URL(filePath: file))
    try await run(["enqueue", file])
  }

  func text(_ file: String) -> String {
    (try? String(decoding: Data(contentsOf: URL(filePath: "\(folder)/\(file)")), as: UTF8.self)) ?? ""
  }
}
