import Glibc
import JobQueue
import Threading

/// The database file as the file system shows it.
///
/// It is examined by name only: closing any other descriptor of it would drop the locks that SQLite holds in this
/// process (POSIX advisory locks).
enum StoreFile {
  /// After so many attempts, a file that exists but has no path, as in a folder that was unmounted, is given up.
  private static let mostLooks = 100

  /// Where the file is, or would be.
  /// - Returns: its true path, free of links: -wal, -shm and -turn lie beside it.
  static func locate(_ path: String, mustExist: Bool) throws -> String {
    // Somebody may create the file between two looks at it: then the next look finds it.
    for round in 0... {
      if let found = try truePath(path) { return found }
      let number = errno
      var status = stat()
      if number == ENOENT, lstat(path, &status) != 0 { break }
      guard number == ENOENT, status.st_mode & S_IFMT != S_IFLNK, round < mostLooks else {
        throw missing(path, number, mustExist: mustExist)
      }
    }
    let slash = path.lastIndex(of: "/")
    let directory = slash.map { path[...$0] } ?? "."
    guard let found = try truePath(String(directory)) else {
      let number = errno
      guard !mustExist else { throw missing(path, number, mustExist: true) }
      let hint = number == ENOENT ? "create the folder first" : nil
      throw failure(path, "it cannot be created: \(String(cString: strerror(number)))", hint: hint)
    }
    return (found == "/" ? "" : found) + "/" + (slash.map { path[path.index(after: $0)...] } ?? path[...])
  }

  /// Refuses a file if others may read it or a file beside it, or if this user may not use it.
  static func check(_ file: String, forWriting: Bool, _ access: FileAccess) throws {
    for name in [file, file + "-wal", file + "-shm"] { try check(name, isDatabase: name == file, forWriting, access) }
  }

  private static func check(_ name: String, isDatabase: Bool, _ forWriting: Bool, _ access: FileAccess) throws {
    let found: FileStatus?
    do {
      found = try FileStatus.look(at: name)
    } catch {
      throw failure(name, "cannot examine it: \(String(cString: strerror(error.number)))")
    }
    // The companions come and go with the connections of other processes; a missing file is reported where it is
    // opened.
    guard let found else { return }
    guard found.isRegular else {
      throw failure(name, "not a regular file", hint: "give the path of a file, such as /var/lib/rundown/rundown.db")
    }
    guard access.isKept(by: found) else {
      guard !isDatabase || found.size > 0 else { throw empty(name) }
      guard !isDatabase || FileHeader.isQueue(name) != false else {
        throw failure(name, "this is not a Rundown queue file", code: .corrupt, hint: "choose another file")
      }
      throw JobStoreError(
        code: .exposed, operation: "open", target: name,
        cause: "other users can read it (mode \(String(found.mode & 0o777, radix: 8)))",
        hint: access.remedy(for: name, found))
    }
    if let group = access.group, faccessat(AT_FDCWD, name, R_OK, AT_EACCESS) != 0 {
      throw failure(
        name, "it is not shared with the group '\(group.name)' yet",
        hint: "as its owner, open the queue once with storeGroup set, for example with: rundown status")
    }
    guard isDatabase else { return }
    guard faccessat(AT_FDCWD, name, R_OK, AT_EACCESS) == 0 else {
      throw failure(
        name, "this user cannot read the file",
        hint: "the file and its directory must be readable and writable by this user")
    }
    guard forWriting else { return }
    guard faccessat(AT_FDCWD, name, W_OK, AT_EACCESS) == 0 else {
      throw failure(
        name, "this user may only read the file", code: .readOnly,
        hint: "the file and its directory must be writable by this user")
    }
    guard found.links == 1 else { throw hardLinked(name, found.links) }
    guard !found.isMount else { throw mounted(name) }
  }

  /// The error for a file with several names: a process that opens it by another one finds no log beside it, and
  /// creates a second.
  static func hardLinked(_ file: String, _ links: Int) -> JobStoreError {
    JobStoreError(
      code: .hardLinked, operation: "open", target: file,
      cause: "the file has \(links) names (hard links); opened by another name, it would lack its log",
      hint: "remove the other names (find DIRECTORY -samefile \(file)); make copies with: rundown backup FILE")
  }

  /// The error for a file that is a mount of its own: it has two names, as with hard links, and only one of them is in
  /// the folder of its log.
  private static func mounted(_ file: String) -> JobStoreError {
    JobStoreError(
      code: .hardLinked, operation: "open", target: file,
      cause: "the file is mounted by itself, so its log would be in a different folder",
      hint: "mount the whole folder of the queue file")
  }

  /// - Throws: ``JobStoreError`` if a folder's name is not UTF-8: a converted name would be that of another folder.
  private static func truePath(_ path: String) throws -> String? {
    guard let found = realpath(path, nil) else { return nil }
    defer { free(found) }
    guard let text = String(validating: UnsafeBufferPointer(start: found, count: strlen(found)), as: UTF8.self) else {
      throw failure(
        path, "a folder in its path has a name that is not valid UTF-8",
        hint: "rename the folder, or keep the queue file elsewhere")
    }
    return text
  }

  /// Held while a file is created: another thread may open the new file with SQLite only after our own descriptor of it
  /// is closed, or closing it would drop that thread's locks.
  private static let creation = Lock()

  /// Creates an empty file of mode 0600 unless there is one; of several processes, one does so.
  ///
  /// SQLite gives -wal and -shm the mode of the file, so all three are private from their first byte.
  static func create(_ path: String) throws {
    try creation.locked { try createNow(path) }
  }

  private static func createNow(_ path: String) throws {
    let descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor < 0 else {
      // A umask that also removes the owner's permissions must not leave a file that nobody can use.
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
    let hint = errno == ENOENT ? "create the folder first" : nil
    throw failure(path, "it cannot be created: \(String(cString: strerror(errno)))", code: code, hint: hint)
  }

  /// The error for a file in which nothing was ever written: reading does not turn it into a queue.
  static func empty(_ file: String) -> JobStoreError {
    failure(
      file, "the file is empty: there is no queue in it", code: .noSuchStore,
      hint: "enqueue a job first, or correct the path")
  }

  /// The error for a file that does not exist.
  static func missing(_ path: String, _ number: Int32, mustExist: Bool) -> JobStoreError {
    guard number == ENOENT else {
      return failure(path, "it cannot be reached: \(String(cString: strerror(number)))")
    }
    guard mustExist else { return failure(path, "the symbolic link is broken") }
    return failure(path, "no such file", code: .noSuchStore, hint: "enqueue a job first, or correct the path")
  }

  private static func failure(
    _ path: String, _ cause: String, code: JobStoreError.Code = .unavailable, hint: String? = nil
  ) -> JobStoreError {
    JobStoreError(code: code, operation: "open", target: path, cause: cause, hint: hint)
  }
}
