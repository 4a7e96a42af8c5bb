import Glibc

/// A file as the system numbers it: the same under every name, and another one as soon as a name leads elsewhere.
public struct FileID: Sendable, Hashable {
  /// The device.
  public var device: UInt64
  /// The number on the device.
  public var inode: UInt64

  /// Names a file.
  public init(device: UInt64, inode: UInt64) {
    self.device = device
    self.inode = inode
  }
}

/// Opens files that are to be sent.
public enum RegularFile {
  /// Opens a regular file for reading. Never waits, as a named pipe would have it, never follows a link in the last
  /// place, and refuses whatever is not the file that was looked at before.
  /// - Parameter expected: the file that the path must still lead to; nil for whichever it leads to.
  /// - Throws: ``RegularFile/Refusal``.
  public static func open(_ path: String, expected: FileID? = nil) throws(Refusal) -> Int32 {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW)
    guard descriptor >= 0 else {
      let number = errno
      let words = number == ELOOP ? "it is a symbolic link" : String(cString: strerror(number))
      throw Refusal(cause: "cannot open \(path): \(words)", isShortage: isShortage(number))
    }
    var status = stat()
    var problem: String?
    if fstat(descriptor, &status) != 0 {
      problem = "cannot read \(path): \(String(cString: strerror(errno)))"
    } else if status.st_mode & S_IFMT != S_IFREG {
      problem = "\(path) is not a regular file"
    } else if let expected, expected != FileID(device: UInt64(status.st_dev), inode: UInt64(status.st_ino)) {
      problem = "\(path) was replaced by another file"
    }
    guard let problem else { return descriptor }
    close(descriptor)
    throw Refusal(cause: problem)
  }

  /// Whether a system's error number says that this process or machine has no room for one more open file just now, which
  /// says nothing of the file.
  public static func isShortage(_ number: Int32) -> Bool { [EMFILE, ENFILE, ENOMEM].contains(number) }

  /// Why a file is not opened.
  public struct Refusal: Error, Sendable, Hashable {
    /// One sentence, with the path.
    public var cause: String
    /// Whether there was no room for it, see ``RegularFile/isShortage(_:)``.
    public var isShortage = false
  }
}
