import Glibc
import JobQueue

/// A verified copy of a queue file.
public struct QueueBackup: Sendable, Hashable {
  /// The copy.
  public var path: String
  /// Its size in bytes.
  public var bytes: Int64
  /// How many jobs it holds, finished ones included.
  public var jobs: Int
}

extension SQLiteJobStore {
  /// Copies the queue into a new file while others keep writing: the file and its log, as they are at one moment.
  ///
  /// The copy gets its name only once it is complete, on disk and checked, so a file of that name is a good one; a
  /// crash leaves a file named `NAME.part-…`. The copy has mode 0600 and needs no file beside it.
  /// - Parameters:
  ///   - destination: the copy's path; nothing may exist there.
  ///   - progress: called from time to time with the share that is copied, from 0 to 1.
  /// - Throws: `JobStoreError`: `invalid` if something exists there, `full`, `readOnly` or `unavailable` if it cannot
  ///   be written, `corrupt` if the copied data is damaged. In each case nothing is left of the copy.
  public func backUp(
    to destination: String, progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) async throws -> QueueBackup {
    try await reader.perform("back up") { connection in
      try BackupFile(destination, "back up").make { part in try connection.copy(to: part, progress: progress) }
    }
  }

  /// Checks the whole file: every page and index, rows whose job does not exist, and the counts that `status` shows.
  /// - Returns: what is wrong with it, one sentence each; empty if nothing is.
  public func problems() async throws -> [String] {
    try await reader.perform("check") { try $0.problems() }
  }
}

/// The statements of a check.
enum CheckStatements {
  static let integrity = "PRAGMA integrity_check(20)"

  static let orphans = "PRAGMA foreign_key_check"

  static let miscounted = """
    SELECT queue, state, sum(jobs) FROM (
      SELECT queue, state, count(*) AS jobs FROM job GROUP BY queue, state
      UNION ALL SELECT queue, state, -jobs FROM counter)
    GROUP BY queue, state HAVING sum(jobs) <> 0 LIMIT 20
    """

  static let jobs = "SELECT count(*) FROM job"
}

extension Connection {
  func problems() throws -> [String] {
    let found = try all(once: CheckStatements.integrity, list: []) { try $0.next(String.self) }
    guard found == ["ok"] else { return found }
    let orphans = try all(once: CheckStatements.orphans, list: []) { row in
      let table = try row.next(String.self)
      let number = try row.next(Int64?.self)
      return "a row of \(table)\(number.map { " (\($0))" } ?? "") belongs to a job that does not exist"
    }
    let miscounted = try all(once: CheckStatements.miscounted, list: []) { row in
      let (queue, state, difference) = (
        try row.next(String.self), try row.next(String.self), try row.next(Int64.self)
      )
      return "the count of \(state) jobs of queue \(queue) is off by \(-difference)"
    }
    return orphans.prefix(20) + miscounted
  }

  /// Copies this connection's view of the database into an empty file, and checks the copy.
  /// - Returns: how many jobs it holds.
  func copy(to part: String, progress: (Double) -> Void) throws -> Int {
    let busyHandler = BusyHandler(limit: .zero, random: SystemRandom(), pause: BlockingSleep.sleep)
    let target = try Connection(path: part, busyHandler: busyHandler)
    defer { target.close() }
    try copy(into: target, progress: progress)
    target.close()
    let copy = try Connection(path: part, busyHandler: busyHandler, isAlone: true)
    defer { copy.close() }
    let problems = try copy.problems()
    guard problems.isEmpty else {
      throw JobStoreError(
        code: .corrupt, operation: "back up", target: path,
        cause: "the copy is damaged: \(problems.joined(separator: "; "))", hint: "see: rundown check")
    }
    return try copy.value(CheckStatements.jobs) ?? 0
  }
}

/// The file of a copy in progress.
struct BackupFile {
  let path: String
  private let operation: String
  private let part: String

  init(_ path: String, _ operation: String) {
    self.path = path
    self.operation = operation
    part = "\(path).part-\(getpid())"
  }

  func make(_ body: (_ part: String) throws -> Int) throws -> QueueBackup {
    try requireFree()
    // Left by an earlier process with the same number.
    Self.remove(part)
    do {
      try StoreFile.create(part)
      let jobs = try body(part)
      let bytes = try sync()
      try takeName()
      return QueueBackup(path: path, bytes: bytes, jobs: jobs)
    } catch let failure as SQLiteFailure {
      Self.remove(part)
      throw failure.storeError(operation: operation, path: path)
    } catch let error as JobStoreError {
      Self.remove(part)
      throw JobStoreError(
        code: error.code, operation: operation, target: error.target == part ? path : error.target,
        cause: error.cause, hint: error.hint)
    } catch {
      Self.remove(part)
      throw error
    }
  }

  private func requireFree() throws {
    var status = stat()
    guard lstat(path, &status) != 0 else {
      throw JobStoreError(
        code: .invalid, operation: operation, target: path, cause: "it already exists",
        hint: status.st_mode & S_IFMT == S_IFDIR ? "name a file in that folder" : "choose a new name, such as \(path)-2"
      )
    }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    guard access(folder, F_OK) == 0 else {
      throw JobStoreError(
        code: .invalid, operation: operation, target: path, cause: "its folder does not exist",
        hint: "create the folder first")
    }
  }

  private func sync() throws -> Int64 {
    let descriptor = open(part, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fsync(descriptor) == 0, fstat(descriptor, &status) == 0 else { throw failure(errno) }
    return Int64(status.st_size)
  }

  /// Tries a hard link first, which fails if something has appeared there meanwhile.
  private func takeName() throws {
    if link(part, path) != 0 {
      if errno == EEXIST {
        try requireFree()
        throw failure(EEXIST)
      }
      // A file system without hard links.
      guard rename(part, path) == 0 else { throw failure(errno) }
    } else {
      unlink(part)
    }
    guard FolderSync.sync(path.lastIndex(of: "/").map { String(path[...$0]) } ?? ".") == 0 else { throw failure(errno) }
  }

  /// Removes an unfinished file, with everything beside it.
  static func remove(_ part: String) {
    for suffix in ["", "-journal", "-wal", "-shm", "-turn"] { unlink(part + suffix) }
  }

  private func failure(_ number: Int32) -> JobStoreError {
    JobStoreError(
      code: number == ENOSPC || number == EDQUOT ? .full : .unavailable, operation: operation, target: path,
      cause: "the copy cannot be written: \(String(cString: strerror(number)))",
      hint: number == ENOSPC ? "free some disk space; no copy was made" : nil)
  }
}
