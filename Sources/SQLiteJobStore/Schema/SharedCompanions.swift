import CQueueFile
import Glibc

/// The -wal and -shm of a queue file that a group shares.
///
/// SQLite creates both with the mode of the file, but with the group of the process: members of another group could use
/// them for a moment. So they are created beforehand, and given to the right group while they are empty.
struct SharedCompanions {
  private let made: [(path: String, identity: FileIdentity?)]

  /// Creates what is missing beside a file that is already shared; for any other file SQLite creates them private.
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

  /// Removes what was created and never used, because the file could not be opened.
  func remove() {
    for (path, identity) in made {
      guard let found = try? FileStatus.look(at: path), found.identity == identity, found.size == 0 else { continue }
      unlink(path)
    }
  }
}
