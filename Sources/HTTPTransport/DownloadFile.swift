import Glibc

/// The new file that an answer's body is written to. It is removed again unless it is kept.
final class DownloadFile {
  private let path: String
  private var descriptor: Int32
  private var isKept = false

  /// Creates the file for its owner only; an existing file is never touched.
  init(path: String) throws(FileFailure) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      let code = errno
      // The file is not ours in this case, so it must survive our deinit.
      isKept = true
      throw FileFailure("cannot create", path, errno: code)
    }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    if !isKept { unlink(path) }
  }

  /// Appends all bytes.
  func write(_ bytes: UnsafeRawBufferPointer) throws(FileFailure) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw FileFailure("cannot write", path, errno: errno)
      }
      rest = rest.dropFirst(count)
    }
  }

  /// The body is complete: the file stays. Closing can report a write that failed late.
  func keep() throws(FileFailure) {
    let result = close(descriptor)
    let code = errno
    descriptor = -1
    guard result == 0 else { throw FileFailure("cannot write", path, errno: code) }
    isKept = true
  }
}
