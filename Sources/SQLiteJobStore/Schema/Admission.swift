import JobQueue

/// Whether the files at the paths of a queue file may be opened together. SQLite itself applies any log that lies
/// beside a file, and deletes one that lies beside an empty file.
struct Admission {
  enum Verdict: Equatable {
    case open
    /// After removing these files, which are empty and belonged to a previous one.
    case openWithout(suffixes: [String])
    /// Somebody deleted or replaced the log while processes still have it open; they save its content as they end.
    case logTaken
    /// There is a log and no file that it could belong to.
    case foreignLog
    /// One of the two has been replaced, so the log may belong to another file; their content shows whether it does.
    case doubtfulLog
  }

  let database: FileStatus?
  let log: FileStatus?
  let index: FileStatus?

  /// Looks at the files at the paths.
  init(at path: String) throws {
    database = try FileStatus.look(at: path)
    log = try FileStatus.look(at: path + "-wal")
    index = try FileStatus.look(at: path + "-shm")
  }

  init(database: FileStatus?, log: FileStatus?, index: FileStatus?) {
    self.database = database
    self.log = log
    self.index = index
  }

  /// - Parameters:
  ///   - mark: the mark that the last process left; nil if nothing is known, then everything is handled as SQLite does.
  ///   - start: the current start of the machine.
  ///   - othersHaveItOpen: whether other processes use the file that the mark describes.
  func verdict(_ mark: QueueMark?, at start: UInt64?, othersHaveItOpen: Bool) -> Verdict {
    let holdsFrames = (log?.size ?? 0) > 0
    guard let database, database.size > 0 else {
      return holdsFrames ? .foreignLog : removing(log: log != nil, index: index != nil)
    }
    guard let mark else { return .open }
    let isLogOfMark = log != nil && log?.identity == mark.log
    guard database.identity == mark.database else {
      // Another file has taken the place of the one that the mark describes. If the log is a different one too, both
      // came together, as when a copy of all the files is put back.
      if isLogOfMark, holdsFrames { return .doubtfulLog }
      return removing(log: isLogOfMark, index: index != nil && index?.identity == mark.index)
    }
    guard mark.log != nil, !isLogOfMark else { return .open }
    if othersHaveItOpen { return .logTaken }
    // Before the power loss somebody may have created this log, whose mark was lost with it.
    return holdsFrames && mark.start != nil && mark.start == start ? .doubtfulLog : .open
  }

  /// Whether the file may lack a log that nobody here knows of. An empty log beside the file is somebody's statement
  /// that there is no other; one that a program created when it opened the file has its index beside it.
  var mayLackLog: Bool {
    guard let database, database.size > 0 else { return false }
    guard let log else { return true }
    return log.size == 0 && index != nil
  }

  /// Whether these are exactly the files of the mark.
  func isAll(of mark: QueueMark) -> Bool {
    database?.identity == mark.database && mark.log != nil && log?.identity == mark.log && mark.index != nil
      && index?.identity == mark.index
  }

  private func removing(log: Bool, index: Bool) -> Verdict {
    let suffixes = (log ? ["-wal"] : []) + (index ? ["-shm"] : [])
    return suffixes.isEmpty ? .open : .openWithout(suffixes: suffixes)
  }

  /// The error for a file that may not be opened.
  func refusal(of path: String, isLogTaken: Bool) -> JobStoreError {
    if isLogTaken {
      return JobStoreError(
        code: .busy, operation: "open", target: path,
        cause: "\(path)-wal was deleted or replaced while another process has it open",
        hint: "stop every worker, which saves the content of the log to the file; then run this again")
    }
    return Self.refusal(of: path, isMissing: (database?.size ?? 0) == 0)
  }

  /// The error for a file whose log was left behind.
  static func withoutLog(_ path: String) -> JobStoreError {
    JobStoreError(
      code: .missingLog, operation: "open", target: path,
      cause:
        "its log (\(path)-wal) is missing and may contain jobs: the log was removed, or the file was moved or copied "
        + "without it while it was in use or after a crash",
      hint: "put its -wal beside it again, from where the file was before; if it is lost, continue without those jobs "
        + "(umask 077; rm -f \(path)-shm; touch \(path)-wal)")
  }

  /// The error for a log that lacks what its processes knew it to contain.
  static func shortLog(_ path: String) -> JobStoreError {
    JobStoreError(
      code: .foreignLog, operation: "open", target: path,
      cause: "\(path)-wal lacks jobs that were acknowledged: it was damaged, or replaced by an earlier copy",
      hint: "put the newest -wal back; if it is lost, continue without those jobs (rm \(path)-turn)")
  }

  /// The error for a log that belongs to a file other than the one at the path, or to one that is missing.
  static func refusal(of path: String, isMissing: Bool) -> JobStoreError {
    JobStoreError(
      code: .foreignLog, operation: "open", target: path,
      cause: isMissing
        ? "\(path)-wal is the log of a queue file that is no longer here, and may contain jobs"
        : "\(path)-wal belongs to another queue file, and may contain jobs of that one",
      hint: isMissing
        ? "put the file back; if it was renamed, rename the log too (mv \(path)-wal NEWNAME-wal); to start over "
          + "without those jobs, move the log away (mv \(path)-wal \(path)-wal.old)"
        : "move the log to its own file (mv \(path)-wal NAME-wal) or out of the way (mv \(path)-wal \(path)-wal.old), or "
          + "put the previous file back")
  }
}
