import CQueueFile
import Glibc

/// A file's identity: its number, and its creation time, because numbers of deleted files are reused.
struct FileIdentity: Hashable, Sendable {
  let node: UInt64
  /// In nanoseconds; 0 on file systems that do not record it.
  let born: Int64
}

/// The file system's information about a file. It is examined by name: see ``StoreFile`` for why it is not opened.
struct FileStatus {
  let identity: FileIdentity
  let size: Int64
  /// How many names it has.
  let links: Int
  let owner: uid_t
  let group: gid_t
  let mode: mode_t
  /// Whether it is a mount of its own, as a file of the host in a container may be.
  let isMount: Bool

  /// Examines what is at a path, following links.
  /// - Throws: ``Failure`` for any error but a missing file.
  /// - Returns: nil if nothing exists there.
  static func look(at path: String) throws(Failure) -> FileStatus? {
    do {
      return try look(AT_FDCWD, path)
    } catch {
      guard error.number == ENOENT else { throw error }
      return nil
    }
  }

  /// Examines the file of a descriptor.
  static func look(at descriptor: Int32) throws(Failure) -> FileStatus { try look(descriptor, "") }

  /// The file at a path; nil if there is none, or none that can be seen.
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
