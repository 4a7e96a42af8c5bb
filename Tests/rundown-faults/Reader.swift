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

/// The reading process: it is given paths line by line, and answers each with a finding. It knows nothing of faults.
enum ReadLoop {
  static func run() async throws {
    while let line = readLine() {
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      var finding = Finding()
      do {
        let (problem, view) = try DatabaseView.examine(words[1])
        finding.problem = problem
        finding.digest = view.digest
        finding.namelessDigest = view.namelessDigest
        if let use = Reader.Use(rawValue: words[0]), view.digest != nil { try await go(on: words[1], use) }
      } catch {
        finding.problem = finding.problem ?? "\(error)"
      }
      print(String(decoding: try JSONEncoder().encode(finding), as: UTF8.self))
      fflush(nil)
    }
  }

  /// The queue goes on with the file, as a process that nobody told of what was before: it finds the same jobs, and more
  /// can be enqueued.
  private static func go(on path: String, _ use: Reader.Use) async throws {
    let jobs = try DatabaseView.jobs(of: path)
    var options = SQLiteJobStore.Options()
    options.machineStart = use == .sameStart ? MachineStarts.before : MachineStarts.after
    let store = try await SQLiteJobStore.open(at: path, options: options)
    guard try DatabaseView.jobs(of: path) == jobs else {
      throw FaultKitError(words: "opening it changed what it holds")
    }
    _ = try await store.enqueue([NewJob(kind: "next", queue: "default")], at: at(3000))
    await store.close()
    if let problem = try DatabaseView.examine(path).problem { throw FaultKitError(words: "after use: \(problem)") }
  }
}

/// The process that reads what losses of power leave.
struct Reader {
  /// How the queue itself is to go on with the file, after it was read.
  enum Use: String {
    /// After the machine was started anew.
    case nextStart = "store"
    /// As if it had not been.
    case sameStart = "store-at-once"
  }

  private let process: SeparateProcess

  /// Starts it.
  init() throws { process = try SeparateProcess("read") }

  /// - Parameter use: nil when the file is only read.
  func read(_ path: String, _ use: Use?) throws -> Finding {
    try JSONDecoder().decode(Finding.self, from: try process.ask("\(use?.rawValue ?? "file") \(path)"))
  }
}
