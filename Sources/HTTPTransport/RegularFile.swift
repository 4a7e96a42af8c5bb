import Glibc

/// A file's identity for the system: the same under every name, and a different one as soon as a name leads elsewhere.
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
  /// Opens a regular file for reading. Never waits, as a named pipe would require, never follows a link in the last
  /// component, and refuses any file other than the one that was examined before.
  /// - Parameter expected: the file that the path must still lead to; nil for any file.
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

  /// Whether a system's error number means that this process or machine cannot open one more file at the moment, which
  /// says nothing about the file.
  public static func isShortage(_ number: Int32) -> Bool { [EMFILE, ENFILE, ENOMEM].contains(number) }

  /// Why a file was not opened.
  public struct Refusal: Error, Sendable, Hashable {
    /// One sentence, with the path.
    public var cause: String
    /// Whether the cause was such a shortage, see ``RegularFile/isShortage(_:)``.
    public var isShortage = false
  }
}
