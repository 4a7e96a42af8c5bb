import CSQLite
import Glibc
import JobQueue

/// Opens a queue file for writing while no other process opens, writes or closes it.
///
/// Only then is it certain that the log and the index beside the file are the ones that SQLite is about to open. But a
/// process that hangs while it holds the turn to write must not keep others from reading: a file that is open, with
/// exactly the recorded log and index, is opened without the turn.
final class Opening {
  let turn: ProcessWriteLock
  private let file: String
  private let timeout: Duration
  private let start: UInt64?
  private var found: Admission
  private var mark: QueueMark?
  private var hasTurn = false

  /// Takes the turn and makes sure that the file may be opened; creates the file if it need not exist.
  init(_ file: String, _ options: SQLiteJobStore.Options) throws {
    self.file = file
    timeout = options.busyTimeout
    start = options.machineStart
    found = try Admission(at: file)
    // Where no queue is created, no other file may be left either.
    let holdsSomething = (found.database?.size ?? 0) > 0 || (found.log?.size ?? 0) > 0
    guard holdsSomething || !options.mustExist else {
      throw found.database == nil ? StoreFile.missing(file, ENOENT, mustExist: true) : StoreFile.empty(file)
    }
    turn = try ProcessWriteLock(
      beside: file, options.access, timeout: options.busyTimeout, writeMark: options.writeMark)
    do {
      try admit(mustExist: options.mustExist)
      turn.share(true)
    } catch {
      end(isOpen: false)
      throw error
    }
  }

  /// Whether no other process has the file open, or can open it before this one has finished.
  var isAlone: Bool { hasTurn && !turn.file.isSharedByOthers }

  /// Runs the code that opens the file, then lets others continue.
  func hold<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      let result = try body()
      end(isOpen: true)
      return result
    } catch {
      end(isOpen: false)
      throw error
    }
  }

  /// Records what was opened, unless it is recorded already.
  /// - Throws: ``JobStoreError`` `replaced` if the files are not the ones that were found before.
  func record(_ place: SidecarFiles) throws {
    let isAsFound =
      (found.database.map { $0.size == 0 || $0.identity == place.database } ?? true) && place.log != nil
      && place.index != nil && (found.log.map { $0.identity == place.log } ?? true)
      && (found.index.map { $0.identity == place.index } ?? true)
    guard isAsFound else { throw Self.disturbed(file) }
    guard hasTurn, mark?.isOf(place) != true || mark?.start != start else { return }
    var new = QueueMark(of: place, start: start)
    if let mark, mark.database == place.database, mark.log == place.log {
      new.isFolderSynced = mark.isFolderSynced
      // The position of another start of the machine means nothing: a power loss may have removed frames and kept the
      // mark.
      if mark.start == start { new.position = mark.position }
    }
    // These describe the content of the file, whatever lies beside it.
    new.generation = mark?.generation
    new.isPartlyCopied = mark?.isPartlyCopied ?? false
    try turn.file.leave(new)
  }

  /// Refuses a log that lacks frames known to have been on disk; after the first read, before anything is written. An
  /// empty log is somebody's statement that there is no other. If others have it open, they know better, and after a
  /// power loss the mark may be older than the log.
  /// - Throws: ``JobStoreError`` `foreignLog`.
  func requireWholeLog(_ connection: Connection) throws {
    guard isAlone, (found.log?.size ?? 0) > 0, let mark, mark.start != nil, mark.start == start,
      let known = mark.position
    else { return }
    let position = try connection.logPosition()
    if position.salts == known.salts, position.frames >= known.frames { return }
    // If the log was started over, even if that was only half written, it had been copied completely before; the file
    // shows anything else that is wrong with it.
    guard Connection.lacksLog(file, mark) != false else { return }
    throw Admission.shortLog(file)
  }

  /// The error if somebody replaces files while they are being opened.
  static func disturbed(_ file: String) -> JobStoreError {
    JobStoreError(
      code: .replaced, operation: "open", target: file,
      cause: "the file, its -wal or its -shm was moved, deleted or replaced while it was being opened",
      hint: "try again once the files are in place")
  }

  private func admit(mustExist: Bool) throws {
    let waiting = BusyHandler(limit: timeout, random: SystemRandom(), pause: BlockingSleep.sleep)
    var round = 0
    while true {
      do {
        try turn.take()
        hasTurn = true
      } catch let failure as SQLiteFailure where failure.primaryCode == SQLITE_BUSY {
        try admitWithoutTurn(orThrow: failure)
        return
      }
      found = try Admission(at: file)
      mark = turn.file.mark
      switch found.verdict(mark, at: start, othersHaveItOpen: turn.file.isSharedByOthers) {
      case .open: return try requireOrCreate(mustExist)
      case .openWithout(let suffixes):
        for suffix in suffixes { unlink(file + suffix) }
        found = try Admission(at: file)
        return try requireOrCreate(mustExist)
      case .foreignLog: throw found.refusal(of: file, isLogTaken: false)
      case .doubtfulLog:
        guard !turn.file.isSharedByOthers, Connection.provesLog(of: file) else {
          throw found.refusal(of: file, isLogTaken: false)
        }
        return try requireOrCreate(mustExist)
      case .logTaken:
        turn.giveBack()
        hasTurn = false
        guard waiting.waitOnce(round: round) else { throw found.refusal(of: file, isLogTaken: true) }
        round += 1
      }
    }
  }

  private func admitWithoutTurn(orThrow failure: SQLiteFailure) throws {
    found = try Admission(at: file)
    mark = turn.file.mark
    guard let mark, found.isAll(of: mark), turn.file.isSharedByOthers else { throw failure }
  }

  private func requireOrCreate(_ mustExist: Bool) throws {
    guard found.database == nil else {
      if found.mayLackLog { try Connection.requireLog(of: file, mark) }
      return
    }
    guard !mustExist else { throw StoreFile.missing(file, ENOENT, mustExist: true) }
    try StoreFile.create(file)
  }

  private func end(isOpen: Bool) {
    if hasTurn { turn.giveBack() }
    hasTurn = false
    guard !isOpen else { return }
    turn.share(false)
    turn.close()
  }
}
