import Glibc
import JobQueue

/// The database file as the file system shows it.
///
/// It is looked at by name only: closing any other descriptor of it would drop the locks that SQLite holds in this
/// process (POSIX advisory locks).
enum StoreFile {
  /// Makes sure that the file is there and nobody else may read it or its companions.
  /// - Returns: the file's true path, free of links: beside it lie -wal and -shm.
  static func prepare(_ path: String, mustExist: Bool) throws -> String {
    if !mustExist { try creation.locked { try create(path) } }
    guard let found = realpath(path, nil) else { throw missing(path, errno, mustExist: mustExist) }
    defer { free(found) }
    let file = String(cString: found)
    for name in [file, file + "-wal", file + "-shm"] { try check(name, isDatabase: name == file) }
    return file
  }

  private static func check(_ name: String, isDatabase: Bool) throws {
    var status = stat()
    guard stat(name, &status) == 0 else {
      // The companions come and go with the connections of other processes.
      if errno == ENOENT, !isDatabase { return }
      throw failure(name, "it cannot be looked at: \(String(cString: strerror(errno)))")
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw failure(name, "this is not a file") }
    guard status.st_mode & 0o077 == 0 else {
      throw JobStoreError(
        code: .exposed, operation: "open", target: name,
        cause: "others may read it (mode \(String(status.st_mode & 0o777, radix: 8)))", hint: "chmod 600 \(name)")
    }
  }

  /// Held while a file is created: another thread may open the new file with SQLite only after our own descriptor of it
  /// is closed, or the closing would drop that one's locks.
  private static let creation = Lock()

  /// Creates an empty file of mode 0600 unless there is one; of several processes one does.
  ///
  /// SQLite gives -wal and -shm the mode of the file, so all three are private from their first byte.
  private static func create(_ path: String) throws {
    let descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor < 0 else {
      // A umask that takes rights from the owner too must not leave a file that nobody can use.
      fchmod(descriptor, 0o600)
      close(descriptor)
      return
    }
    guard errno != EEXIST else { return }
    let code: JobStoreError.Code =
      switch errno {
      case ENOSPC, EDQUOT: .full
      case EROFS, EACCES, EPERM: .readOnly
      default: .unavailable
      }
    let hint = errno == ENOENT ? "create the directory first" : nil
    throw failure(path, "it cannot be created: \(String(cString: strerror(errno)))", code: code, hint: hint)
  }

  private static func missing(_ path: String, _ number: Int32, mustExist: Bool) -> JobStoreError {
    guard number == ENOENT else {
      return failure(path, "it cannot be reached: \(String(cString: strerror(number)))")
    }
    guard mustExist else { return failure(path, "the link leads nowhere") }
    return failure(path, "no such file", code: .noSuchStore, hint: "enqueue a job first, or name the right file")
  }

  private static func failure(
    _ path: String, _ cause: String, code: JobStoreError.Code = .unavailable, hint: String? = nil
  ) -> JobStoreError {
    JobStoreError(code: code, operation: "open", target: path, cause: cause, hint: hint)
  }
}
