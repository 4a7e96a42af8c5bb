import Glibc
import JobQueue

/// Looks after the files of the one connection that writes: that they are the ones that others will find, and that what
/// is acknowledged is on disk. Belongs to one thread; all is done with the turn to write.
///
/// What SQLite does by itself it does by path: the log of a database that was moved, or whose index was deleted, would be
/// copied and removed under the eyes of those who use it by now. So nothing of that is left to SQLite.
final class LogKeeper {
  let turn: ProcessWriteLock
  private let connection: Connection
  private let place: SidecarFiles
  private let folder: String
  private let syncFolder: @Sendable (String) -> Int32
  private let start: UInt64?
  private let report: @Sendable (JobStoreError) -> Void
  private let longLog: Int
  /// How far the log is known to be on disk.
  private var synced: LogPosition?
  private var isFolderSynced = false
  /// Whether the database itself shows that a log belongs to it; see ``LogClosing``.
  private var showsLog = false
  /// The number of the log's generation, once it is known.
  private var generation: UInt64?
  /// Whether that generation began with what was written last: then nothing of it is in the file.
  private var isNewGeneration = false
  /// The mark that lay there when the transaction began: with the turn nobody else leaves one.
  private var former: QueueMark?
  /// The schema's cookie at the last look.
  private var cookie: UInt64?
  private var seenExchanges = 0
  private var hasReportedLinks = false
  /// How many times the log of others was written anew; for tests.
  private(set) var rewrites = 0

  init(_ connection: Connection, _ turn: ProcessWriteLock, _ place: SidecarFiles, _ options: SQLiteJobStore.Options) {
    self.connection = connection
    self.turn = turn
    self.place = place
    folder = place.path.lastIndex(of: "/").map { String(place.path[...$0]) } ?? "."
    syncFolder = options.syncFolder
    start = options.machineStart
    report = options.report
    longLog = options.longLog
  }

  /// Takes our log away from a file that came into the place of ours, so that it can be used; for who found that one came.
  func setAside() {
    guard case .databaseGone(anotherCame: true) = place.look().place, (try? turn.take()) != nil else { return }
    setAsideWithTurn()
    turn.giveBack()
  }

  /// The error when the file, or what SQLite keeps beside it, lies no more at its path.
  func replaced(afterWriting: Bool = false) -> JobStoreError? {
    let (found, links) = place.look()
    if links > 1, !hasReportedLinks {
      hasReportedLinks = true
      report(StoreFile.hardLinked(place.path, links))
    }
    return Self.replaced(place.path, found, afterWriting: afterWriting)
  }

  static func replaced(_ path: String, _ found: SidecarFiles.Place, afterWriting: Bool = false) -> JobStoreError? {
    let what: String
    switch found {
    case .inPlace: return nil
    case .databaseGone: what = "the file"
    case .logDeleted, .companionsReplaced: what = "its -wal or -shm"
    }
    return replaced(path, what: what, afterWriting: afterWriting)
  }

  private static func replaced(_ path: String, what: String, afterWriting: Bool) -> JobStoreError {
    JobStoreError(
      code: .replaced, operation: "use", target: path,
      cause: "\(what) was moved, deleted or replaced while it was open"
        + (afterWriting ? "; it is unknown whether the last change was saved" : ""),
      hint: "stop every worker before replacing the file with its -wal and -shm, and start them again afterwards")
  }

  /// Has the database itself show that a log belongs to it, before anything in that log is acknowledged. With the turn,
  /// outside of a transaction.
  ///
  /// That is a commit of its own, so that what follows is not in the database alone: two that contradict each other show
  /// that the database was exchanged. Where it cannot be done nothing is lost, and the next commit tries again.
  func showLog() {
    guard !showsLog else { return }
    do {
      showsLog = try !connection.readTransaction { try connection.mustShowLog() }
      guard !showsLog else { return }
      // What others left is copied first: a log that they noted as the last one is to be followed by another.
      try connection.writeTransaction {
        try beforeWriting()
        (generation, isNewGeneration) = (try connection.logGeneration()?.number, false)
      }
      try afterCommit()
      try checkpoint()
      try connection.writeTransaction {
        try beforeWriting()
        try beforeCommit()
        try connection.noteLog()
      }
      try afterCommit()
      try checkpoint()
      let showsClosing = try connection.readTransaction { try connection.isClosingNoted() }
      showsLog = try !showsClosing && connection.isLogCopied()
    } catch {
      // What ails it is told by the commit that it was for.
    }
  }

  /// Makes sure that what is written next does not stand on frames that the disk may lack, nor on those of another file.
  /// In the transaction.
  func beforeWriting() throws {
    try Self.requireOwnLog(of: connection)
    // Somebody's ANALYZE or VACUUM: a file with another cookie counts as a copy that SQLite made.
    let cookie = try connection.schemaCookie()
    if let seen = self.cookie, seen != cookie { showsLog = false }
    self.cookie = cookie
    let position = try connection.logPosition()
    if turn.exchanges != seenExchanges {
      // Another file for marks: what we left is not in it.
      seenExchanges = turn.exchanges
      synced = nil
      isFolderSynced = false
    }
    let mark = turn.file.mark
    former = mark
    if let mark, mark.start == start, let known = mark.position, known.salts == position.salts, !position.isEmpty,
      known.frames > position.frames
    {
      // Others wrote by another index, and this one, which knows nothing of it, came back.
      throw Self.replaced(place.path, what: "its -shm", afterWriting: false)
    }
    guard position != synced else { return }
    if let mark, mark.isOf(place), mark.isFolderSynced { isFolderSynced = true }
    // Whoever copied the log may have been killed before it could say so; the log is begun again by what comes now.
    if mark?.isPartlyCopied == true, try connection.isLogCopied() {
      leaveWord(isPartlyCopied: false)
      former = turn.file.mark
    }
    let isCovered = mark?.log == place.log && mark?.position == position
    if !isCovered, !position.isEmpty {
      try connection.rewriteLog()
      rewrites += 1
    }
    synced = position
  }

  /// Writes down where a log begins. In a transaction that wrote something, at its end.
  func beforeCommit() throws {
    (generation, isNewGeneration) = try connection.beginLogGeneration { SystemRandom().next() }
  }

  /// - Throws: ``JobStoreError`` `replaced` when the content of the file is that of another one.
  static func requireOwnLog(of connection: Connection, afterWriting: Bool = false) throws {
    guard try !connection.logBelongsToDatabase() else { return }
    throw replaced(connection.path, what: "the content of the file", afterWriting: afterWriting)
  }

  /// Makes sure, after a commit, that the names of the files are on disk too, and tells others how far the log is.
  func afterCommit() throws {
    let position = try connection.logPosition()
    if isFolderSynced, position == synced { return }
    if !isFolderSynced {
      guard syncFolder(folder) == 0 else {
        throw JobStoreError(
          code: .outcomeUnknown, operation: "write", target: folder,
          cause:
            "the folder cannot be synced: \(String(cString: strerror(errno))); it is unknown whether the last change survives a "
            + "power loss", hint: "check the disk, then whether the change was saved before you repeat it")
      }
      isFolderSynced = true
    }
    synced = position
    var mark = QueueMark(of: place, start: start)
    mark.isFolderSynced = true
    mark.position = position
    mark.generation = generation
    if !isNewGeneration {
      // What nobody left word of may have been copied in part.
      mark.isPartlyCopied = former?.generation != generation || former?.isPartlyCopied != false
    }
    // Where none can be left, the next process writes the log once more.
    try? turn.file.leave(mark)
  }

  /// Copies a log that has grown large into the file. What prevents it today does not tomorrow.
  func checkpointWhenLarge() {
    guard isFolderSynced, let synced, synced.frames >= longLog else { return }
    try? checkpoint()
  }

  /// Copies the log into the file.
  private func checkpoint() throws {
    leaveWord(isPartlyCopied: true)
    try connection.checkpoint()
    if try connection.isLogCopied() { leaveWord(isPartlyCopied: false) }
  }

  /// Tells others how much of the log the file may hold. Where it cannot be done the next word says it.
  private func leaveWord(isPartlyCopied: Bool) {
    guard var mark = turn.file.mark, mark.isOf(place) else { return }
    mark.isPartlyCopied = isPartlyCopied
    try? turn.file.leave(mark)
  }

  /// Closes the connection. When nobody else has the file open, all goes into the file and the log is removed; when the
  /// file was taken away, nothing is copied and nothing removed.
  func close() {
    defer {
      connection.close()
      turn.close()
    }
    turn.share(false)
    guard !turn.file.isSharedByOthers, (try? turn.take()) != nil else { return }
    defer { turn.giveBack() }
    closeWithTurn()
  }

  /// The same for who holds the turn and knows of nobody else.
  func closeWithTurn() {
    switch place.look().place {
    case .inPlace: closeWithLog()
    // Only here and in processes like this one is there anything left of it; who opens the file waits for that.
    case .logDeleted:
      do {
        try noteClosing()
        try checkpoint()
      } catch {
        // As it was, with a -turn that says what it lacks.
      }
    case .databaseGone(anotherCame: true): setAsideWithTurn()
    case .databaseGone(anotherCame: false), .companionsReplaced: break
    }
  }

  private func setAsideWithTurn() {
    place.setAside()
    // On disk before anybody makes another log in its place: see ``QueueMark`` for what a loss of power leaves.
    _ = syncFolder(folder)
  }

  private func closeWithLog() {
    // Nor before a log, or a journal that was deleted, is so by name: what a power loss leaves would not fit the file.
    if !isFolderSynced {
      guard syncFolder(folder) == 0 else { return }
      isFolderSynced = true
    }
    do { try noteClosing() } catch { return }
    connection.close(removesLog: true)
    guard FileStatus.identity(at: place.path + "-wal") == nil, var mark = turn.file.mark, mark.isOf(place) else {
      return
    }
    mark.log = nil
    mark.index = nil
    mark.position = nil
    try? turn.file.leave(mark)
  }

  /// Has the log hold a note, as the last thing in it, that all before it is in the file. With the turn.
  private func noteClosing() throws {
    // What goes into the file must be in the log on disk first.
    let position = try connection.readTransaction {
      try Self.requireOwnLog(of: connection)
      return try connection.logPosition()
    }
    if position != synced { try connection.writeTransaction { try beforeWriting() } }
    guard try !connection.readTransaction({ try connection.isClosingNoted() }) else { return }
    // The note says that the file holds everything, so it goes into the file after everything else.
    try checkpoint()
    try connection.writeTransaction {
      try beforeWriting()
      guard try connection.isLogCopied() else { return }
      try beforeCommit()
      try connection.noteClosing()
    }
  }
}
