import Glibc

/// A database that is open, with its -wal and -shm: which files they are. SQLite keeps the two as long as any connection
/// lasts, so others at their paths, or none, are somebody's doing.
struct SidecarFiles: Hashable {
  /// How they lie now.
  enum Place: Equatable {
    case inPlace
    /// The log alone was deleted: nobody can have written to another one yet.
    case logDeleted
    /// Another log or index lies in the place of theirs, or no index.
    case companionsReplaced
    /// The database is gone from its path.
    case databaseGone(anotherCame: Bool)
  }

  let path: String
  let database: FileIdentity
  /// Nil only where a file that is not kept with a log was opened for reading.
  let log: FileIdentity?
  let index: FileIdentity?
  /// Put together once: each commit looks several times.
  private let (logPath, indexPath): (String, String)

  /// Those of a database that was just read from.
  /// - Returns: nil when there is no database at the path.
  init?(of path: String) {
    guard let database = FileStatus.identity(at: path) else { return nil }
    self.path = path
    self.database = database
    (logPath, indexPath) = (path + "-wal", path + "-shm")
    log = FileStatus.identity(at: logPath)
    index = FileStatus.identity(at: indexPath)
  }

  /// Where they lie now, and how many names the database has.
  func look() -> (place: Place, links: Int) {
    let found = try? FileStatus.look(at: path)
    guard let found, found.identity == database else { return (.databaseGone(anotherCame: found != nil), 1) }
    let (log, index) = (FileStatus.identity(at: logPath), FileStatus.identity(at: indexPath))
    if log == self.log, index == self.index { return (.inPlace, found.links) }
    let isAlone = log == nil && (index == nil || index == self.index)
    return (isAlone ? .logDeleted : .companionsReplaced, found.links)
  }

  /// Takes log and index away from a file that came into the place of theirs: they keep their content, under their names
  /// with their inodes' numbers. Where no file is, they stay: the one that was moved may be put back.
  ///
  /// Only by who holds the turn to write, so that nobody opens the new file meanwhile.
  func setAside() {
    guard look().place == .databaseGone(anotherCame: true) else { return }
    for (suffix, own) in [("-wal", log), ("-shm", index)] {
      if let own, FileStatus.identity(at: path + suffix) == own {
        rename(path + suffix, "\(path)\(suffix)-\(own.node)")
      }
    }
  }
}
