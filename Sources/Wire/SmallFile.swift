package import Glibc

/// Reads files that must not be large. Blocks.
package struct SmallFile: Sendable {
  /// The content, at most one byte more than the limit; the extra byte shows that the file is too large.
  package let bytes: [UInt8]
  /// The mode bits of the file.
  package let mode: mode_t

  /// Reads a regular file, including those of `/proc`.
  /// - Throws: the system's error; `EINVAL` for anything but a regular file.
  package static func read(_ path: String, limit: Int) throws(SystemError) -> SmallFile {
    // Without O_NONBLOCK, opening a FIFO at this path would hang forever.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw SystemError(number: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw SystemError(number: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw SystemError(number: EINVAL) }
    return SmallFile(bytes: try read(descriptor, limit: limit), mode: status.st_mode)
  }

  /// Reads an open descriptor to its end or to one byte past the limit.
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
