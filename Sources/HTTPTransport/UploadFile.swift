import Glibc

/// The range of a file that is being sent, read by position so that it can be rewound.
///
/// Read on the engine's thread: from the page cache this is a copy; from a slow disk it delays the engine's other
/// transfers, which is why bulk uploads should have a transport of their own.
final class UploadFile {
  let length: Int64
  private let path: String
  private let descriptor: Int32
  private let offset: Int64
  private var sent: Int64 = 0

  /// Opens the file and checks that it is long enough now; it may still shrink later.
  init(path: String, offset: Int64, length: Int64, expected: FileID? = nil) throws(FileFailure) {
    do throws(RegularFile.Refusal) {
      descriptor = try RegularFile.open(path, expected: expected)
    } catch {
      throw FileFailure(cause: error.cause)
    }
    self.path = path
    self.offset = offset
    self.length = length
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileFailure("cannot read", path, errno: errno) }
    guard Int64(status.st_size) >= offset + length else { throw tooShort() }
  }

  deinit {
    close(descriptor)
  }

  /// The next bytes of the range; 0 at its end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileFailure) -> Int {
    let wanted = Int(min(Int64(buffer.count), length - sent))
    guard wanted > 0 else { return 0 }
    while true {
      let count = pread(descriptor, buffer.baseAddress, wanted, Int(offset + sent))
      if count < 0 {
        if errno == EINTR { continue }
        throw FileFailure("cannot read", path, errno: errno)
      }
      guard count > 0 else { throw tooShort() }
      sent += Int64(count)
      return count
    }
  }

  /// Continues from this position of the range.
  func seek(to position: Int64) -> Bool {
    guard (0...length).contains(position) else { return false }
    sent = position
    return true
  }

  private func tooShort() -> FileFailure {
    FileFailure(cause: "\(path) is too short: expected \(length) bytes from offset \(offset)")
  }
}

/// A file that could not be read or written.
struct FileFailure: Error {
  let cause: String

  init(cause: String) {
    self.cause = cause
  }

  init(_ verb: String, _ path: String, errno code: Int32) {
    cause = "\(verb) \(path): \(String(cString: strerror(code)))"
  }
}
