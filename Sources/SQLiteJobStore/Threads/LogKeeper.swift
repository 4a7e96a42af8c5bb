import Glibc
import JobQueue

/// Takes care of the files of the one connection that writes: that they are the ones that others will find, and that
/// acknowledged data is on disk. Belongs to one thread; everything is done with the turn to write.
///
/// SQLite's automatic actions go by path: the log of a database that was moved, or whose index was deleted, would be
/// copied and removed while others already use it. So none of this is left to SQLite.
final class LogKeeper {
  let turn: ProcessWriteLock
  private let connection: Connection
  private let place: SidecarFiles
  private let folder: String
  private let syncFolder: @Sendable (String) -> Int32
  private let start: UInt64?
  private let report: @Sendable (JobStoreError) -> Void
  private let longLog: Int
  /// Up to which position the log is known to be on disk.
  private var synced: LogPosition?
  private var isFolderSynced = false
  /// Whether the database itself shows that a log belongs to it; see ``LogClosing``.
  private var showsLog = false
  /// The number of the log's generation, once it is known.
  private var generation: UInt64?
  /// Whether that generation began with the last write: then nothing of it is in the file.
  private var isNewGeneration = false
  /// The mark when the transaction began: with the turn, nobody else leaves one.
  private var former: QueueMark?
  /// The schema cookie when it was last checked.
  private var cookie: UInt64?
  private var seenExchanges = 0
  private var hasReportedLinks = false
  /// How often the log of others was rewritten; for tests.
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

  /// Moves our log away from a file that has taken the place of ours, so that the new file can be used; called after
  /// one was found.
  func setAside() {
    guard case .databaseGone(anotherCame: true) = place.look().place, (try? turn.take()) != nil else { return }
    setAsideWithTurn()
    turn.giveBack()
  }

  /// The error if the file, or what SQLite keeps beside it, is no longer at its path.
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

  /// Makes the database itself show that a log belongs to it, before anything in that log is acknowledged. With the
  /// turn, outside a transaction.
  ///
  /// This is a separate commit, so that what follows is not in the database alone: if the two contradict each other,
  /// the database was exchanged. If it fails nothing is lost, and the next commit tries again.
  func showLog() {
    guard !showsLog else { return }
    do {
      showsLog = try !connection.readTransaction { try connection.mustShowLog() }
      guard !showsLog else { return }
      // What others left is copied first: another log must follow one that was noted as the last.
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
      // The commit that follows reports what is wrong.
    }
  }

  /// Makes sure that the next write does not build on frames that the disk may lack, or on those of another file. In
  /// the transaction.
  func beforeWriting() throws {
    try Self.requireOwnLog(of: connection)
    // Caused by somebody's ANALYZE or VACUUM: a file with another cookie counts as a copy that SQLite made.
    let cookie = try connection.schemaCookie()
    if let seen = self.cookie, seen != cookie { showsLog = false }
    self.cookie = cookie
    let position = try connection.logPosition()
    if turn.exchanges != seenExchanges {
      // A different file for marks: what we left is not in it.
      seenExchanges = turn.exchanges
      synced = nil
      isFolderSynced = false
    }
    let mark = turn.file.mark
    former = mark
    if let mark, mark.start == start, let known = mark.position, known.salts == position.salts, !position.isEmpty,
      known.frames > position.frames
    {
      // Others wrote with another index, and this one, which knows nothing of that, came back.
      throw Self.replaced(place.path, what: "its -shm", afterWriting: false)
    }
    guard position != synced else { return }
    if let mark, mark.isOf(place), mark.isFolderSynced { isFolderSynced = true }
    // The process that copied the log may have been killed before it could record that; the next write starts the log
    // over.
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

  /// Records where a log begins. At the end of a transaction that wrote something.
  func beforeCommit() throws {
    (generation, isNewGeneration) = try connection.beginLogGeneration { SystemRandom().next() }
  }

  /// - Throws: ``JobStoreError`` `replaced` if the content of the file is that of another one.
  static func requireOwnLog(of connection: Connection, afterWriting: Bool = false) throws {
    guard try !connection.logBelongsToDatabase() else { return }
    throw replaced(connection.path, what: "the content of the file", afterWriting: afterWriting)
  }

  /// Makes sure, after a commit, that the names of the files are on disk too, and records for others how far the log
  /// is.
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
      // A generation that nobody recorded may have been copied in part.
      mark.isPartlyCopied = former?.generation != generation || former?.isPartlyCopied != false
    }
    // If none can be left, the next process writes the log once more.
    try? turn.file.leave(mark)
  }

  /// Copies a log that has grown large into the file. If something prevents it today, a later attempt may succeed.
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

  /// Records for others how much of the log the file may contain. If that fails, the next mark says it.
  private func leaveWord(isPartlyCopied: Bool) {
    guard var mark = turn.file.mark, mark.isOf(place) else { return }
    mark.isPartlyCopied = isPartlyCopied
    try? turn.file.leave(mark)
  }

  /// Closes the connection. If nobody else has the file open, everything is copied into the file and the log is
  /// removed; if the file was taken away, nothing is copied or removed.
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

  /// The same for a caller that holds the turn and knows that nobody else has the file open.
  func closeWithTurn() {
    switch place.look().place {
    case .inPlace: closeWithLog()
    // Only this process and others like it still have the log; a process that opens the file waits for them.
    case .logDeleted:
      do {
        try noteClosing()
        try checkpoint()
      } catch {
        // Left as it was, with a -turn that says what it lacks.
      }
    case .databaseGone(anotherCame: true): setAsideWithTurn()
    case .databaseGone(anotherCame: false), .companionsReplaced: break
    }
  }

  private func setAsideWithTurn() {
    place.setAside()
    // On disk before anybody creates another log in its place: see ``QueueMark`` for what a power loss leaves.
    _ = syncFolder(folder)
  }

  private func closeWithLog() {
    // First the name of a new log, or the removal of an old journal, must be on disk: otherwise what a power loss
    // leaves would not match the file.
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

  /// Makes the log contain a note, as its last entry, that everything before it is in the file. With the turn.
  private func noteClosing() throws {
    // What is copied into the file must be in the log on disk first.
    let position = try connection.readTransaction {
      try Self.requireOwnLog(of: connection)
      return try connection.logPosition()
    }
    if position != synced { try connection.writeTransaction { try beforeWriting() } }
    guard try !connection.readTransaction({ try connection.isClosingNoted() }) else { return }
    // The note says that the file contains everything, so it is copied into the file after everything else.
    try checkpoint()
    try connection.writeTransaction {
      try beforeWriting()
      guard try connection.isLogCopied() else { return }
      try beforeCommit()
      try connection.noteClosing()
    }
  }
}
