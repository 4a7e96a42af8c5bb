import Glibc
import JobQueue

/// Looks after the files of the one connection that writes: that they are the ones that others will find, and that what
/// is acknowledged is on disk. Belongs to one thread; all is done with the turn to write.
///
/// What SQLite does by itself it does by path: the log of a database that was moved, or whose index was deleted, would be
/// copied and removed under the eyes of those who use it by now. So nothing of that is left to SQLite.
final class LogKeeper {
  /// From so many frames on the log is copied into the file, as SQLite does by default.
  private static let largeLog = 1000

  let turn: WriteTurn
  private let connection: Connection
  private let place: Companions
  private let folder: String
  private let syncFolder: @Sendable (String) -> Int32
  private let report: @Sendable (JobStoreError) -> Void
  /// How far the log is known to be on disk.
  private var synced: LogPosition?
  private var isFolderSynced = false
  private var seenExchanges = 0
  private var hasReportedLinks = false
  /// How many times the log of others was written anew; for tests.
  private(set) var rewrites = 0

  init(_ connection: Connection, _ turn: WriteTurn, _ place: Companions, _ options: SQLiteJobStore.Options) {
    self.connection = connection
    self.turn = turn
    self.place = place
    folder = place.path.lastIndex(of: "/").map { String(place.path[...$0]) } ?? "."
    syncFolder = options.syncFolder
    report = options.report
  }

  /// Takes our log away from a file that came into the place of ours, so that it can be used; for who found that one came.
  func setAside() {
    guard case .databaseGone(anotherCame: true) = place.look().place, (try? turn.take()) != nil else { return }
    place.setAside()
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

  static func replaced(_ path: String, _ found: Companions.Place, afterWriting: Bool = false) -> JobStoreError? {
    let what: String
    switch found {
    case .inPlace: return nil
    case .databaseGone: what = "the file"
    case .logDeleted, .companionsReplaced: what = "its -wal or -shm"
    }
    return JobStoreError(
      code: .replaced, operation: "use", target: path,
      cause: "\(what) was moved, deleted or replaced while it was open"
        + (afterWriting ? "; whether what was being written can be found is not known" : ""),
      hint: "stop every worker before the file is exchanged, with its -wal and -shm, and start them again after it")
  }

  /// Makes sure that what is written next does not stand on frames that the disk may lack. In the transaction.
  func beforeWriting() throws {
    let position = try connection.logPosition()
    if turn.exchanges != seenExchanges {
      // Another file for marks: what we left is not in it.
      seenExchanges = turn.exchanges
      synced = nil
      isFolderSynced = false
    }
    guard position != synced else { return }
    let mark = turn.file.mark
    if let mark, mark.isOf(place), mark.isFolderSynced { isFolderSynced = true }
    let isCovered = mark?.log == place.log && mark?.position == position
    if !isCovered, !position.isEmpty {
      try connection.rewriteLog()
      rewrites += 1
    }
    synced = position
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
            "the folder cannot be synced: \(String(cString: strerror(errno))); whether what was written survives a "
            + "power loss is not known", hint: "look at the disk, then whether it is there before it is done again")
      }
      isFolderSynced = true
    }
    synced = position
    var mark = QueueMark(of: place)
    mark.isFolderSynced = true
    mark.position = position
    // Where none can be left, the next process writes the log once more.
    try? turn.file.leave(mark)
  }

  /// Copies a log that has grown large into the file. What prevents it today does not tomorrow.
  func checkpointWhenLarge() {
    guard isFolderSynced, let synced, synced.frames >= Self.largeLog else { return }
    try? connection.checkpoint()
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
    case .logDeleted: try? connection.checkpoint()
    case .databaseGone(anotherCame: true): place.setAside()
    case .databaseGone(anotherCame: false), .companionsReplaced: break
    }
  }

  private func closeWithLog() {
    // Nor before a log, or a journal that was deleted, is so by name: what a power loss leaves would not fit the file.
    if !isFolderSynced {
      guard syncFolder(folder) == 0 else { return }
      isFolderSynced = true
    }
    do {
      // What goes into the file must be in the log on disk first.
      if try connection.snapshot({ try connection.logPosition() }) != synced {
        try connection.immediately { try beforeWriting() }
      }
    } catch {
      return
    }
    connection.close(removesLog: true)
    guard FileStatus.identity(at: place.path + "-wal") == nil, var mark = turn.file.mark, mark.isOf(place) else {
      return
    }
    mark.log = nil
    mark.index = nil
    mark.position = nil
    try? turn.file.leave(mark)
  }
}
