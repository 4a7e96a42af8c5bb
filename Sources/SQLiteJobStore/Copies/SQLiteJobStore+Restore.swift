import Glibc
public import JobQueue
import Threading

/// A backup that became the queue file.
public struct RestoredQueue: Sendable, Hashable {
  /// The queue file.
  public var path: String
  /// How many jobs it holds, finished ones included.
  public var jobs: Int
  /// How many of them are held now, because they were unfinished when the backup was made.
  public var held: Int
  /// Where the previous queue file was moved; nil if there was none.
  public var former: String?
}

extension SQLiteJobStore {
  /// Replaces a queue file that nobody has open with a backup.
  ///
  /// Things may have happened since that a backup does not know of. So none of it runs unseen: its unfinished jobs
  /// become `held`, its budgets count as full for one window (``holdUnfinished(why:by:at:)``), and its workers are
  /// forgotten. The backup is not changed; the previous queue file is moved aside with its log. A crash leaves the one
  /// or the other, or nothing at `path` and the previous file beside it.
  /// - Parameters:
  ///   - backup: the copy.
  ///   - path: the queue file.
  ///   - group: the group that shares the queue file, as in ``Options/group``.
  ///   - author: who does it.
  ///   - now: the current time.
  /// - Throws: `JobStoreError`: `busy` while a process has the file open, `noSuchStore` or `corrupt` if the backup is
  ///   not one, `tooNew`, `full` or `unavailable`. In each case the queue file is unchanged.
  public static func restore(
    _ backup: String, to path: String, group: String? = nil, by author: Operator, at now: Timestamp
  ) async throws -> RestoredQueue {
    let access = try FileAccess(groupNamed: group, of: path)
    let file = try StoreFile.locate(path, mustExist: false)
    guard try StoreFile.locate(backup, mustExist: true) != file else {
      throw JobStoreError(
        code: .invalid, operation: "restore", target: file, cause: "this is the queue file itself",
        hint: "use a file made by rundown backup")
    }
    let part = "\(file).restoring-\(getpid())"
    BackupFile.remove(part)
    defer { BackupFile.remove(part) }
    let made = try await DedicatedThread.run(for: file) { try copy(backup, to: part) }
    let held = try await prepare(part, "restored from \(backup); look before you release it", group, author, at: now)
    let former = try await DedicatedThread.run(for: file) { try takePlace(of: file, part, access, at: now) }
    return RestoredQueue(path: file, jobs: made.jobs, held: held, former: former)
  }

  /// Checks a file that need not be the queue file, such as a backup, as ``problems()`` does. If nobody has it open,
  /// only the file itself is read, and nothing is left beside it.
  /// - Parameters:
  ///   - path: the file.
  ///   - group: the group that shares it, as in ``Options/group``.
  public static func problems(ofFileAt path: String, group: String? = nil) async throws -> [String] {
    if try await DedicatedThread.run(for: path, { try isAlone(try StoreFile.locate(path, mustExist: true)) }) {
      return try await DedicatedThread.run(for: path) { try looking(at: path) { try $0.problems() } }
    }
    var options = Options()
    options.readOnly = true
    options.mayBeOlder = true
    options.group = group
    return try await using(path, options) { try await $0.problems() }
  }

  /// Refuses what cannot be restored, before anything is done.
  /// - Throws: as ``restore(_:to:group:by:at:)`` does for a file that is not a backup.
  public static func requireBackup(at path: String) async throws {
    try await DedicatedThread.run(for: path) { try looking(at: try backup(at: path)) { _ in } }
  }

  private static func copy(_ path: String, to part: String) throws -> QueueBackup {
    let source = try backup(at: path)
    return try BackupFile(part, "restore").make { new in
      try looking(at: source) { try $0.copy(to: new, progress: { _ in }) }
    }
  }

  /// The file of a backup, which consists of this file alone.
  private static func backup(at path: String) throws -> String {
    let source = try StoreFile.locate(path, mustExist: true)
    do {
      guard try isAlone(source) else {
        throw JobStoreError(
          code: .busy, operation: "restore", target: source,
          cause: "it has a -wal beside it: it is in use, or was not closed properly",
          hint: "back it up first (rundown backup), and restore that backup")
      }
    } catch let error as JobStoreError where error.code == .noSuchStore {
      throw JobStoreError(
        code: .noSuchStore, operation: "restore", target: source, cause: error.cause,
        hint: "use a file made by rundown backup")
    }
    guard FileHeader.isQueue(source) != false else {
      throw JobStoreError(
        code: .corrupt, operation: "restore", target: source, cause: "this is not a Rundown queue file",
        hint: "use a file made by rundown backup")
    }
    return source
  }

  /// Whether no log with content lies beside a file.
  private static func isAlone(_ file: String) throws -> Bool {
    do {
      guard try FileStatus.look(at: file) != nil else { throw StoreFile.missing(file, ENOENT, mustExist: true) }
      return try FileStatus.look(at: file + "-wal").map { $0.size == 0 } ?? true
    } catch let failure as FileStatus.Failure {
      throw JobStoreError(
        code: .unavailable, operation: "open", target: file,
        cause: "cannot examine its folder: \(String(cString: strerror(failure.number)))")
    }
  }

  private static func looking<Result>(at path: String, _ body: (Connection) throws -> Result) throws -> Result {
    do {
      let busyHandler = BusyHandler(limit: .zero, random: SystemRandom(), pause: BlockingSleep.sleep)
      let connection = try Connection(path: path, busyHandler: busyHandler, isAlone: true)
      defer { connection.close() }
      try connection.requireOurs()
      return try body(connection)
    } catch let failure as SQLiteFailure {
      throw failure.storeError(operation: "open", path: path)
    }
  }

  /// Upgrades the copy and holds its unfinished jobs.
  private static func prepare(
    _ part: String, _ why: String, _ group: String?, _ author: Operator, at now: Timestamp
  ) async throws -> Int {
    var options = Options()
    options.group = group
    options.mustExist = true
    return try await using(part, options) { store in
      let held = try await store.holdUnfinished(why: why, by: author, at: now)
      try await store.retire(try await store.workers().map(\.id))
      return held
    }
  }

  private static func takePlace(
    of file: String, _ part: String, _ access: FileAccess, at now: Timestamp
  ) throws -> String? {
    let turn = try ProcessWriteLock(beside: file, access, timeout: .seconds(10))
    defer { turn.close() }
    do {
      try turn.take()
    } catch let failure as SQLiteFailure {
      throw failure.storeError(operation: "restore", path: file)
    }
    defer { turn.giveBack() }
    guard !turn.file.isSharedByOthers else {
      throw JobStoreError(
        code: .busy, operation: "restore", target: file, cause: "another process has the queue file open",
        hint: "stop every worker and anything that watches the queue, then try again")
    }
    let former = try moveAside(file, at: now)
    // Its mark describes the file that is gone. A process that waits for the turn finds that the file is a different
    // one, and starts over.
    unlink(file + "-turn")
    guard rename(part, file) == 0 else { throw cannotMove(file, errno) }
    guard FolderSync.sync(String(file[...(file.lastIndex(of: "/") ?? file.startIndex)])) == 0 else {
      throw cannotMove(file, errno)
    }
    return former
  }

  /// Renames the file and its log so that they still belong together.
  private static func moveAside(_ file: String, at now: Timestamp) throws -> String? {
    guard access(file, F_OK) == 0 else { return nil }
    let former = "\(file).before-\(now.milliseconds)"
    unlink(file + "-shm")
    for suffix in ["", "-wal"] where access(file + suffix, F_OK) == 0 {
      guard rename(file + suffix, former + suffix) == 0 else { throw cannotMove(file + suffix, errno) }
    }
    return former
  }

  private static func cannotMove(_ file: String, _ number: Int32) -> JobStoreError {
    JobStoreError(
      code: .unavailable, operation: "restore", target: file,
      cause: "it cannot be moved: \(String(cString: strerror(number)))",
      hint: "the file and its directory must be writable by this user")
  }
}
