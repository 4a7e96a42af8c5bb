import CQueueFile
import Glibc

/// Which file something is: a number, and the time of its creation, because numbers of deleted files are used again.
struct FileIdentity: Hashable, Sendable {
  let node: UInt64
  /// In nanoseconds; 0 on file systems that do not keep it.
  let born: Int64
}

/// What the file system says of a file. It is looked at by name: see ``StoreFile`` for why it is not opened.
struct FileStatus {
  let identity: FileIdentity
  let size: Int64
  /// How many names it has.
  let links: Int
  let owner: uid_t
  let group: gid_t
  let mode: mode_t
  /// Whether it is mounted by itself, as a file of the host in a container may be.
  let isMount: Bool

  /// Looks at what lies at a path, links followed.
  /// - Throws: ``Failure`` for whatever else than a missing file.
  /// - Returns: nil when there is nothing.
  static func look(at path: String) throws(Failure) -> FileStatus? {
    do {
      return try look(AT_FDCWD, path)
    } catch {
      guard error.number == ENOENT else { throw error }
      return nil
    }
  }

  /// Looks at what a descriptor is of.
  static func look(at descriptor: Int32) throws(Failure) -> FileStatus { try look(descriptor, "") }

  /// Which file lies at a path; nil when there is none, or none that can be seen.
  static func identity(at path: String) -> FileIdentity? { (try? look(at: path))?.identity }

  /// The system's error number.
  struct Failure: Error {
    let number: Int32
  }

  var isRegular: Bool { mode & S_IFMT == S_IFREG }

  private static func look(_ descriptor: Int32, _ path: String) throws(Failure) -> FileStatus {
    var found = cqueuefile_status()
    let number = cqueuefile_look(descriptor, path, &found)
    guard number == 0 else { throw Failure(number: number) }
    return FileStatus(
      identity: FileIdentity(node: found.node, born: found.born), size: found.size, links: Int(found.links),
      owner: found.owner, group: found.group, mode: found.mode,
      isMount: found.is_mount != 0)
  }
}
