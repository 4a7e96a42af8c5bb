import CSQLite
import Glibc
import JobQueue

/// An error of the SQLite library, before it is known which operation it affects.
struct SQLiteFailure: Error {
  /// The extended result code.
  let code: Int32
  /// The library's message; it names tables and columns, never values.
  let message: String
  /// The system's error number of a failed file operation.
  let systemError: Int32
  /// Whether the data may have been written nevertheless.
  private(set) var isOutcomeUnknown = false

  /// The newest error of a connection.
  init(of handle: OpaquePointer) {
    let newest = errno
    code = sqlite3_extended_errcode(handle)
    message = String(cString: sqlite3_errmsg(handle))
    // A COMMIT that fails keeps no number; the thread still has the number of the call that failed.
    let told = sqlite3_system_errno(handle)
    systemError = told == 0 ? newest : told
  }

  /// An error without a connection.
  init(code: Int32) {
    self.code = code
    message = String(cString: sqlite3_errstr(code))
    systemError = 0
  }

  /// The result code without its extension.
  var primaryCode: Int32 { code & 0xff }

  /// The same error at the end of a transaction: only if the very last write failed, or nothing was tried, is it
  /// certain that no complete transaction is in the log. After a failed sync, a later process may find it there.
  var ofCommit: SQLiteFailure {
    var failure = self
    failure.isOutcomeUnknown = ![SQLITE_FULL, SQLITE_BUSY].contains(primaryCode) && code != Self.writeFailed
    return failure
  }

  /// The same error as a store's error.
  func storeError(operation: String, path: String) -> JobStoreError {
    let (code, hint) = meaning
    return JobStoreError(
      code: code, operation: operation, target: path,
      cause: "\(message) (SQLite \(self.code))" + (isOutcomeUnknown ? "; it is unknown whether it was written" : ""),
      hint: hint)
  }

  private var meaning: (JobStoreError.Code, hint: String?) {
    guard !isOutcomeUnknown else {
      let isFull = systemError == ENOSPC || systemError == EDQUOT
      let look = "then check whether it was saved before you repeat it"
      return isFull
        ? (.outcomeUnknown, "free some disk space, \(look)")
        : (.outcomeUnknown, "check the disk (error number \(systemError)), \(look)")
    }
    switch primaryCode {
    case SQLITE_FULL:
      return (.full, "free some disk space; nothing was written")
    case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH:
      return (.readOnly, "the file and its directory must be writable by this user")
    case SQLITE_NOTADB:
      return (
        .corrupt,
        "check the path; if this is the queue file, it is damaged: stop every worker, keep a copy of it with its -wal and -shm,"
          + " then restore a backup"
      )
    case SQLITE_CORRUPT:
      return (.corrupt, "stop every worker, keep a copy of the file with its -wal and -shm, then restore a backup")
    case SQLITE_BUSY, SQLITE_LOCKED:
      return (.busy, "another program keeps the file locked; lsof says which one")
    case SQLITE_CANTOPEN:
      return (.unavailable, "the file and its directory must be readable and writable by this user")
    case SQLITE_IOERR where systemError == ENOSPC || systemError == EDQUOT:
      return (.full, "free some disk space; nothing was written")
    case SQLITE_IOERR where systemError == EFBIG:
      return (.full, "this process has reached its file size limit (ulimit -f); nothing was written")
    case SQLITE_IOERR:
      return (.unavailable, "check the disk: error number \(systemError)")
    case SQLITE_CONSTRAINT where code == Self.refusedByTrigger:
      return (.wrongState, nil)
    case SQLITE_CONSTRAINT, SQLITE_TOOBIG, SQLITE_MISMATCH, SQLITE_RANGE:
      return (.invalid, nil)
    default:
      return (.unavailable, nil)
    }
  }

  /// SQLITE_CONSTRAINT_TRIGGER, a compound macro in C that Swift does not import.
  private static let refusedByTrigger = SQLITE_CONSTRAINT | (7 << 8)

  /// SQLITE_IOERR_WRITE, likewise.
  private static let writeFailed = SQLITE_IOERR | (3 << 8)
}
