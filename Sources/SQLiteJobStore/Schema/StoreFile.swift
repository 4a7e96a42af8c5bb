import Glibc
import JobQueue

/// The database file as the file system shows it.
///
/// It is looked at by name only: closing any other descriptor of it would drop the locks that SQLite holds in this
/// process (POSIX advisory locks).
enum StoreFile {
  /// Makes sure that the file is there and nobody else may read it.
  static func prepare(_ path: String, mustExist: Bool) throws {
    if !mustExist { try create(path) }
    var status = stat()
    guard lstat(path, &status) == 0 else {
      throw failure(
        path, "no such file", code: .noSuchStore, hint: "enqueue a job first, or name the right file")
    }
    if status.st_mode & S_IFMT == S_IFLNK {
      guard stat(path, &status) == 0 else { throw failure(path, "the link leads nowhere") }
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw failure(path, "this is not a file") }
    guard status.st_mode & 0o077 == 0 else {
      throw JobStoreError(
        code: .exposed, operation: "open", target: path,
        cause: "others may read it (mode \(String(status.st_mode & 0o777, radix: 8)))", hint: "chmod 600 \(path)")
    }
  }

  /// Creates an empty file of mode 0600 unless there is one; of several processes one does.
  ///
  /// SQLite gives -wal and -shm the mode of the file, so all three are private from their first byte.
  private static func create(_ path: String) throws {
    let descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor < 0 else {
      // Nobody can have opened it with SQLite in this process yet: it did not exist before this line.
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

  private static func failure(
    _ path: String, _ cause: String, code: JobStoreError.Code = .unavailable, hint: String? = nil
  ) -> JobStoreError {
    JobStoreError(code: code, operation: "open", target: path, cause: cause, hint: hint)
  }
}
