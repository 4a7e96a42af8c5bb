import Glibc

/// An open database, with its -wal and -shm: their identities. SQLite keeps the two as long as any connection lasts, so
/// if others are at their paths, or none, somebody has interfered.
struct SidecarFiles: Hashable {
  /// Where they are now.
  enum Place: Equatable {
    case inPlace
    /// Only the log was deleted: nobody can have written to another one yet.
    case logDeleted
    /// Another log or index has taken their place, or the index is missing.
    case companionsReplaced
    /// The database is gone from its path.
    case databaseGone(anotherCame: Bool)
  }

  let path: String
  let database: FileIdentity
  /// Nil only if a file that is not in WAL mode was opened for reading.
  let log: FileIdentity?
  let index: FileIdentity?
  /// Built once: each commit looks several times.
  private let (logPath, indexPath): (String, String)

  /// The files of a database that was just read from.
  /// - Returns: nil if there is no database at the path.
  init?(of path: String) {
    guard let database = FileStatus.identity(at: path) else { return nil }
    self.path = path
    self.database = database
    (logPath, indexPath) = (path + "-wal", path + "-shm")
    log = FileStatus.identity(at: logPath)
    index = FileStatus.identity(at: indexPath)
  }

  /// Where they are now, and how many names the database has.
  func look() -> (place: Place, links: Int) {
    let found = try? FileStatus.look(at: path)
    guard let found, found.identity == database else { return (.databaseGone(anotherCame: found != nil), 1) }
    let (log, index) = (FileStatus.identity(at: logPath), FileStatus.identity(at: indexPath))
    if log == self.log, index == self.index { return (.inPlace, found.links) }
    let isAlone = log == nil && (index == nil || index == self.index)
    return (isAlone ? .logDeleted : .companionsReplaced, found.links)
  }

  /// Moves log and index away from a file that has taken the place of theirs: they keep their content, under their
  /// names plus the numbers of their inodes. If no file is there, they stay: the one that was moved may be put back.
  ///
  /// Only for the holder of the turn to write, so that nobody opens the new file meanwhile.
  func setAside() {
    guard look().place == .databaseGone(anotherCame: true) else { return }
    for (suffix, own) in [("-wal", log), ("-shm", index)] {
      if let own, FileStatus.identity(at: path + suffix) == own {
        rename(path + suffix, "\(path)\(suffix)-\(own.node)")
      }
    }
  }
}
