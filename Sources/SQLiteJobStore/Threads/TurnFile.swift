import CQueueFile
import Glibc
import JobQueue

/// The file `-turn` beside a database: processes queue at it for writing, show by a lock that they have the database
/// open, and leave each other a ``QueueMark`` in it.
///
/// It is never mapped into memory, and is read and written at fixed positions only: whatever somebody does to it, the
/// worst result is a missing mark.
struct TurnFile {
  /// Writes the bytes of a mark to their position; returns what pwrite(2) returns.
  typealias Write = @Sendable (_ path: String, _ descriptor: Int32, _ bytes: [UInt8]) -> Int
  static let write: Write = { _, descriptor, bytes in pwrite(descriptor, bytes, bytes.count, 0) }

  let path: String
  let descriptor: Int32
  private let identity: FileIdentity
  private let write: Write

  /// Opens the file of a database; creates it with mode 0600, and gives it to the group that shares the database.
  static func open(
    beside database: String, _ access: FileAccess = .owner, write: @escaping Write = Self.write
  ) throws -> TurnFile {
    let path = database + "-turn"
    // O_NONBLOCK: opening a FIFO would wait for somebody at its other end.
    let descriptor = Glibc.open(
      path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0o600)
    guard descriptor >= 0 else { throw cannotOpen(path, errno) }
    do {
      let status = try check(path, descriptor, beside: database, access)
      return TurnFile(path: path, descriptor: descriptor, identity: status.identity, write: write)
    } catch {
      Glibc.close(descriptor)
      throw error
    }
  }

  /// The mark of a database that is opened for reading only; nil if there is none that this user may read.
  static func mark(beside database: String) -> QueueMark? {
    let descriptor = Glibc.open(database + "-turn", O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { return nil }
    defer { Glibc.close(descriptor) }
    guard let status = try? FileStatus.look(at: descriptor), status.isRegular else { return nil }
    return TurnFile(path: database + "-turn", descriptor: descriptor, identity: status.identity, write: write).mark
  }

  /// Whether it is still at its path. Locking a file that is not locks nobody out.
  var isInPlace: Bool { FileStatus.identity(at: path) == identity }

  /// The mark that the last process left; nil if it is missing or damaged.
  var mark: QueueMark? {
    var bytes = [UInt8](repeating: 0, count: QueueMark.size)
    guard pread(descriptor, &bytes, bytes.count, 0) == bytes.count else { return nil }
    return QueueMark(bytes: bytes)
  }

  /// Leaves a mark. Only with the turn.
  /// - Throws: ``JobStoreError`` `full` or `unavailable`.
  func leave(_ mark: QueueMark) throws {
    let bytes = mark.bytes
    let count = write(path, descriptor, bytes)
    guard count != bytes.count else { return }
    let number = count < 0 ? errno : ENOSPC
    throw JobStoreError(
      code: number == ENOSPC || number == EDQUOT ? .full : .unavailable, operation: "write", target: path,
      cause: "it cannot be written: \(String(cString: strerror(number)))", hint: "free some disk space")
  }

  /// Shows whether this process has the database open.
  func share(_ yes: Bool) { _ = cqueuefile_share(descriptor, yes ? 1 : 0) }

  /// Whether other processes show that they have it open.
  var isSharedByOthers: Bool { cqueuefile_is_shared_by_others(descriptor) != 0 }

  func close() { Glibc.close(descriptor) }

  private static func check(_ path: String, _ descriptor: Int32, beside database: String, _ access: FileAccess) throws
    -> FileStatus
  {
    let status: FileStatus
    do {
      status = try FileStatus.look(at: descriptor)
    } catch {
      throw cannotOpen(path, error.number)
    }
    guard status.isRegular else {
      throw JobStoreError(
        code: .unavailable, operation: "open", target: path, cause: "not a regular file",
        hint: "remove it; it is created again")
    }
    guard access.isKept(by: status) else {
      throw JobStoreError(
        code: .exposed, operation: "open", target: path,
        cause: "other users can use it (mode \(String(status.mode & 0o777, radix: 8)))",
        hint: access.remedy(for: path, status))
    }
    let store = try? FileStatus.look(at: database)
    if geteuid() == 0, let store, status.owner == 0, store.owner != 0 {
      // As SQLite does with files that it creates: otherwise the owner of the database could no longer use it.
      _ = fchown(descriptor, store.owner, store.group)
    }
    access.share(descriptor)
    // A file in the group of the database belongs to one of that group's members.
    if access.group != nil, status.mode & 0o070 != 0 { return status }
    guard status.owner == geteuid() || status.owner == store?.owner || status.owner == 0 else {
      throw JobStoreError(
        code: .exposed, operation: "open", target: path, cause: "it belongs to another user (\(status.owner))",
        hint: "remove it; it is created again")
    }
    return status
  }

  private static func cannotOpen(_ path: String, _ number: Int32) -> JobStoreError {
    let code: JobStoreError.Code
    let hint: String
    switch number {
    case ENOSPC, EDQUOT: (code, hint) = (.full, "free some disk space")
    case EISDIR, ELOOP, ENXIO, ENODEV: (code, hint) = (.unavailable, "remove it; it is created again")
    case EMFILE, ENFILE: (code, hint) = (.unavailable, "raise the limit on open files (ulimit -n)")
    default: (code, hint) = (.readOnly, "it, the file and its directory must be writable by this user")
    }
    let cause = number == ELOOP ? "it is a symbolic link" : "it cannot be opened: \(String(cString: strerror(number)))"
    return JobStoreError(code: code, operation: "open", target: path, cause: cause, hint: hint)
  }
}
