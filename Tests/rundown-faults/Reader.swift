import CSpawn
import FoundationEssentials
import Glibc
import JobQueue
import SQLiteFaultKit
import SQLiteJobStore

/// What a separate process says about a file that was found after a loss of power.
struct Finding: Sendable, Codable {
  var digest: UInt64?
  var namelessDigest: UInt64?
  /// What is wrong with the file by itself.
  var problem: String?

  var view: DatabaseView { DatabaseView(digest: digest, namelessDigest: namelessDigest) }
}

/// The separate process: it is given paths line by line, and answers each with a finding. It knows nothing of faults.
enum ReadLoop {
  static func run() async throws {
    while let line = readLine() {
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      var finding = Finding()
      do {
        finding.problem = try DatabaseView.problem(of: words[1])
        let view = try DatabaseView.look(at: words[1]).view
        finding.digest = view.digest
        finding.namelessDigest = view.namelessDigest
        if words[0] == "store", view.digest != nil { try await use(words[1]) }
      } catch {
        finding.problem = finding.problem ?? "\(error)"
      }
      print(String(decoding: try JSONEncoder().encode(finding), as: UTF8.self))
      fflush(nil)
    }
  }

  /// The queue goes on with the file.
  private static func use(_ path: String) async throws {
    let store = try await SQLiteJobStore.open(at: path)
    _ = try await store.enqueue([NewJob(kind: "next", queue: "default")], at: at(3000))
    await store.close()
    if let problem = try DatabaseView.problem(of: path) { throw FaultKitError(words: "after use: \(problem)") }
  }
}

/// This process's end of the two pipes to the separate one.
final class Reader {
  private let process: pid_t
  private let questions: Int32
  private let answers: UnsafeMutablePointer<FILE>

  /// Starts the separate process: the same program, in another part.
  init() throws {
    var toReader: [Int32] = [-1, -1]
    var fromReader: [Int32] = [-1, -1]
    guard pipe(&toReader) == 0, pipe(&fromReader) == 0, let stream = fdopen(fromReader[0], "r") else {
      throw FaultKitError(words: "no pipes to the reading process")
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, toReader[0], STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, fromReader[1], STDOUT_FILENO)
    cspawn_close_from(&actions, 3)
    var words = [strdup("/proc/self/exe"), strdup("read"), nil]
    defer { words.forEach { free($0) } }
    var started = pid_t()
    let path = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    guard posix_spawn(&started, path, &actions, nil, &words, environ) == 0 else {
      throw FaultKitError(words: "the reading process cannot be started")
    }
    close(toReader[0])
    close(fromReader[1])
    process = started
    questions = toReader[1]
    answers = stream
  }

  deinit {
    close(questions)
    fclose(answers)
    waitpid(process, nil, 0)
  }

  /// - Parameter usesStore: whether the queue itself is to go on with the file.
  func read(_ path: String, usesStore: Bool) throws -> Finding {
    let bytes = Array("\(usesStore ? "store" : "file") \(path)\n".utf8)
    guard write(questions, bytes, bytes.count) == bytes.count else {
      throw FaultKitError(words: "the reading process is gone")
    }
    var line: UnsafeMutablePointer<CChar>?
    var size = 0
    defer { free(line) }
    guard getline(&line, &size, answers) > 0, let line else {
      throw FaultKitError(words: "the reading process ended at \(path)")
    }
    return try JSONDecoder().decode(Finding.self, from: Data(String(cString: line).utf8))
  }
}
