import Glibc
import JobQueue
import SQLiteJobStore

/// A directory of one test's own, removed with what is in it.
final class TemporaryDirectory {
  let path: String

  /// Where files cost least: in memory on Linux, when there is such a place.
  static let fastest = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"

  init(in place: String = "/tmp") throws {
    var template = Array("\(place)/rundown-store.XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw SystemFailure(number: errno) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    guard let directory = opendir(path) else { return }
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      unlink("\(path)/\(name)")
    }
    closedir(directory)
    rmdir(path)
  }

  var database: String { "\(path)/queue.db" }

  func mode(of name: String) throws -> UInt32 {
    var status = stat()
    guard stat("\(path)/\(name)", &status) == 0 else { throw SystemFailure(number: errno) }
    return status.st_mode & 0o777
  }

  /// Whether one of the descriptors that the system lists in a directory is of a file in here.
  func isOpen(in descriptors: String) throws -> Bool {
    guard let list = opendir(descriptors) else { throw SystemFailure(number: errno) }
    defer { closedir(list) }
    while let entry = readdir(list) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if let file = realpath("\(descriptors)/\(name)", nil) {
        defer { free(file) }
        if String(cString: file).hasPrefix(path + "/") { return true }
      }
    }
    return false
  }

  func size(of name: String) throws -> Int {
    var status = stat()
    guard stat("\(path)/\(name)", &status) == 0 else { throw SystemFailure(number: errno) }
    return Int(status.st_size)
  }

  func read(_ name: String) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: try size(of: name))
    let descriptor = open("\(path)/\(name)", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemFailure(number: errno) }
    defer { close(descriptor) }
    guard Glibc.read(descriptor, &bytes, bytes.count) == bytes.count else { throw SystemFailure(number: errno) }
    return bytes
  }

  func write(_ name: String, _ bytes: [UInt8], mode: UInt32 = 0o600) throws {
    let descriptor = open("\(path)/\(name)", O_CREAT | O_TRUNC | O_WRONLY, mode)
    guard descriptor >= 0, Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
      throw SystemFailure(number: errno)
    }
    close(descriptor)
  }
}

struct SystemFailure: Error {
  let number: Int32
}

let worker = WorkerID("worker-a")
let otherWorker = WorkerID("worker-b")

/// A moment of the tests' own count.
func at(_ seconds: Int) -> Timestamp { Timestamp(milliseconds: 1_700_000_000_000 + Int64(seconds) * 1000) }

/// Runs a test body with a store in a directory of its own; the store is closed at the end.
func withStore(
  _ options: SQLiteJobStore.Options = .init(), _ body: (SQLiteJobStore, TemporaryDirectory) async throws -> Void
) async throws {
  let directory = try TemporaryDirectory()
  let store = try await SQLiteJobStore.open(at: directory.database, options: options)
  do {
    try await body(store, directory)
  } catch {
    await store.close()
    throw error
  }
  await store.close()
}

extension SQLiteJobStore {
  /// Leases one job of the default queue.
  func leaseOne(_ owner: WorkerID = worker, at now: Timestamp, for duration: Duration = .seconds(30)) async throws
    -> LeasedJob?
  {
    try await lease(
      LeaseRequest(owner: owner, limits: [.init(queue: "default", count: 1)], duration: duration), at: now
    )
    .first
  }
}
