import Glibc

/// A small file system of its own, in memory. Only root may make one, and not in every container.
struct Disk: Sendable {
  struct Refused: Error {
    let number: Int32
  }

  let path: String

  /// Puts a file system on a directory.
  init(at path: String, megabytes: Int) throws {
    self.path = path
    guard mount("tmpfs", path, "tmpfs", 0, "size=\(megabytes)m,mode=700") == 0 else { throw Refused(number: errno) }
  }

  /// Takes it away, also from processes that still use it.
  func remove() {
    umount2(path, Int32(MNT_DETACH))
  }

  static let canMount: Bool = {
    let path = "/tmp/rundown-trial-\(getpid())"
    mkdir(path, 0o700)
    defer { rmdir(path) }
    guard let disk = try? Disk(at: path, megabytes: 1) else { return false }
    disk.remove()
    return true
  }()
}
