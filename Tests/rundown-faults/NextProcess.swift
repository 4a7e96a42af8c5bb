import FoundationEssentials
import Glibc
import SQLiteFaultKit
import SQLiteJobStore

/// A process of its own that goes on with a queue file after a fault, and tells what it did to the disk.
enum NextProcess {
  /// What it did.
  struct Told: Codable {
    var operations: [FaultVFS.Operation] = []
    /// How many operations lay behind it when its job was acknowledged; nil when it was not.
    var acknowledged: Int?
    var problem: String?
  }

  /// Starts one, which enqueues the job that the first one tried to enqueue.
  /// - Parameter dies: whether it dies with the file open instead of closing it.
  static func run(_ path: String, dies: Bool) throws -> Told {
    let process = try SeparateProcess("next")
    return try JSONDecoder().decode(Told.self, from: try process.ask("\(dies ? "dies" : "closes") \(path)"))
  }

  /// What it does.
  static func main() async throws {
    guard let words = readLine()?.split(separator: " ", maxSplits: 1).map(String.init), words.count == 2,
      let slash = words[1].lastIndex(of: "/")
    else { return }
    let vfs = try FaultVFS()
    vfs.watch(String(words[1][..<slash]), durable: [:])
    vfs.tell()
    var told = Told()
    do {
      let store = try await vfs.openStore(at: words[1])
      try await store.enqueue("point")
      told.acknowledged = vfs.told.count
      if words[0] == "dies" {
        told.operations = vfs.told
        try answer(told)
        _exit(0)
      }
      await store.close()
    } catch {
      told.problem = "\(error)"
    }
    told.operations = vfs.told
    try answer(told)
  }

  private static func answer(_ told: Told) throws {
    print(String(decoding: try JSONEncoder().encode(told), as: UTF8.self))
    fflush(nil)
  }
}
