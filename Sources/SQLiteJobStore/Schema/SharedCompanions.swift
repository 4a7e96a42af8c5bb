import CQueueFile
import Glibc

/// The -wal and -shm of a queue file that a group shares.
///
/// SQLite makes both with the mode of the file, but with the group of the process: members of another group could use them
/// for a moment. So they are made before, and given to the right group while they hold nothing.
struct SharedCompanions {
  private let made: [(path: String, identity: FileIdentity?)]

  /// Makes what is missing beside a file that is shared already; of any other one SQLite makes them private.
  init(of file: String, _ access: FileAccess) throws {
    var made: [(String, FileIdentity?)] = []
    if access.group != nil, let database = try? FileStatus.look(at: file), database.mode & 0o070 != 0 {
      for path in [file + "-wal", file + "-shm"] where cqueuefile_make(path) == 0 {
        made.append((path, FileStatus.identity(at: path)))
        try access.share(path, withOwner: database.owner)
      }
    }
    self.made = made
  }

  /// Takes away what was made and never used, because the file could not be opened.
  func remove() {
    for (path, identity) in made {
      guard let found = try? FileStatus.look(at: path), found.identity == identity, found.size == 0 else { continue }
      unlink(path)
    }
  }
}
