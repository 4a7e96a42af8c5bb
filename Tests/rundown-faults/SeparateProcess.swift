import CSpawn
import FoundationEssentials
import Glibc
import SQLiteFaultKit

/// The same program in another part, at the other end of two pipes: it is asked line by line, and answers in lines.
final class SeparateProcess {
  private let process: pid_t
  private let questions: Int32
  private let answers: UnsafeMutablePointer<FILE>

  /// Starts it.
  init(_ part: String) throws {
    var toOther: [Int32] = [-1, -1]
    var fromOther: [Int32] = [-1, -1]
    guard pipe(&toOther) == 0, pipe(&fromOther) == 0, let stream = fdopen(fromOther[0], "r") else {
      throw FaultKitError(words: "no pipes to the process '\(part)'")
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, toOther[0], STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, fromOther[1], STDOUT_FILENO)
    cspawn_close_from(&actions, 3)
    var words = [strdup("/proc/self/exe"), strdup(part), nil]
    defer { words.forEach { free($0) } }
    var started = pid_t()
    let path = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    guard posix_spawn(&started, path, &actions, nil, &words, environ) == 0 else {
      throw FaultKitError(words: "the process '\(part)' cannot be started")
    }
    close(toOther[0])
    close(fromOther[1])
    process = started
    questions = toOther[1]
    answers = stream
  }

  deinit {
    close(questions)
    fclose(answers)
    waitpid(process, nil, 0)
  }

  /// The line with which it answers another one.
  func ask(_ question: String) throws -> Data {
    let bytes = Array("\(question)\n".utf8)
    guard write(questions, bytes, bytes.count) == bytes.count else {
      throw FaultKitError(words: "the other process is gone")
    }
    var line: UnsafeMutablePointer<CChar>?
    var size = 0
    defer { free(line) }
    let length = getline(&line, &size, answers)
    guard length > 0, let line else { throw FaultKitError(words: "the other process ended at '\(question)'") }
    return Data(bytes: line, count: length)
  }
}
