import Glibc

/// What the first bytes of a file say about it.
///
/// Read only for a file that is refused anyway: only SQLite ever opens a queue file, because closing any other
/// descriptor of it drops the locks that SQLite holds in this process (POSIX advisory locks).
enum FileHeader {
  /// SQLite's file format, 1.3: the first 16 bytes, and the application id as a big-endian number at 68.
  private static let mark = Array("SQLite format 3\0".utf8)
  private static let applicationID = 68..<72

  /// Whether a file is a queue of ours; nil if that is unknown.
  static func isQueue(_ path: String) -> Bool? {
    var status = stat()
    guard stat(path, &status) == 0, !isOpenHere(status) else { return nil }
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: applicationID.upperBound)
    guard read(descriptor, &bytes, bytes.count) == bytes.count, bytes.starts(with: mark) else { return false }
    let id = bytes[applicationID].reduce(Int64(0)) { $0 << 8 | Int64($1) }
    // Until the log is copied for the first time, the file has no id; then the file beside it decides.
    return id == Schema.applicationID || (id == 0 && access(path + "-turn", F_OK) == 0)
  }

  /// Whether this process has the file open, in which case nothing in this process may open and close it once more.
  private static func isOpenHere(_ file: stat) -> Bool {
    let limit = sysconf(Int32(_SC_OPEN_MAX))
    guard limit > 0 else { return true }
    return (0..<Int32(min(limit, 1 << 20))).contains { descriptor in
      var status = stat()
      return fstat(descriptor, &status) == 0 && status.st_dev == file.st_dev && status.st_ino == file.st_ino
    }
  }
}
