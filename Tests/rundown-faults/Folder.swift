import FoundationEssentials
import Glibc
import SQLiteFaultKit
import SQLiteJobStore

/// A folder with a queue file, in memory where there is such a place.
struct Folder: Sendable {
  static let names = ["queue.db", "queue.db-wal", "queue.db-journal"]
  private static let turn = "queue.db-turn"

  let path: String
  var database: String { path + "/queue.db" }

  /// Makes the folder.
  init(_ path: String) throws {
    self.path = path
    guard mkdir(path, 0o700) == 0 else { throw FaultKitError(words: "\(path) cannot be made") }
  }

  /// What a power loss may find: the database and its logs.
  func read() throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for name in Self.names where access("\(path)/\(name)", F_OK) == 0 {
      files[name] = Array(try Data(contentsOf: URL(filePath: "\(path)/\(name)")))
    }
    return files
  }

  /// Puts what was left by a loss of power. Its files are new ones here; a mark that named them names these.
  func write(_ left: LeftFiles) throws {
    var files = left.content
    let mark = files.removeValue(forKey: Self.turn)
    try write(files)
    guard let mark else { return }
    try write([Self.turn: QueueMark.moved(mark) { left.names[$0].map { name in "\(path)/\(name)" } }])
  }

  func write(_ files: [String: [UInt8]]) throws {
    for (name, bytes) in files {
      let file = Glibc.open("\(path)/\(name)", O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0o600)
      guard file >= 0, Glibc.write(file, bytes, bytes.count) == bytes.count else {
        throw FaultKitError(words: "\(path)/\(name) cannot be written")
      }
      Glibc.close(file)
    }
  }

  func remove() {
    for name in Self.names + ["queue.db-shm", Self.turn] { unlink("\(path)/\(name)") }
    if rmdir(path) != 0 { try? FileManager.default.removeItem(atPath: path) }
  }
}
