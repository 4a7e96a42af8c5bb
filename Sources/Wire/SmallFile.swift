package import Glibc

/// Reads of files that must not be large. They block.
package struct SmallFile: Sendable {
  /// The content, at most one byte more than the limit; the one more tells that it is too large.
  package let bytes: [UInt8]
  /// The mode bits of the file.
  package let mode: mode_t

  /// Reads a regular file, those of `/proc` among them.
  /// - Throws: what the system answered; `EINVAL` for what is not a regular file.
  package static func read(_ path: String, limit: Int) throws(SystemError) -> SmallFile {
    // Without O_NONBLOCK a FIFO at this path would hang the open for ever.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw SystemError(number: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw SystemError(number: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw SystemError(number: EINVAL) }
    return SmallFile(bytes: try read(descriptor, limit: limit), mode: status.st_mode)
  }

  /// Reads an open descriptor to its end or one byte past the limit.
  package static func read(_ descriptor: Int32, limit: Int) throws(SystemError) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: min(limit + 1, 64 * 1024))
    while bytes.count <= limit {
      let count = Glibc.read(descriptor, &chunk, min(chunk.count, limit + 1 - bytes.count))
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw SystemError(number: errno) }
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    return bytes
  }
}
