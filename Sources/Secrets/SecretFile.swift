import Glibc

/// A bounded read of one file, with what its mode says about who else can read it.
public struct SecretFile: Sendable {
  /// The content, at most ``SecretResolver/maximumBytes`` + 1 bytes; the one more tells that it is too large.
  public var bytes: [UInt8]
  /// Whether group or others may read it.
  public var isReadableByOthers: Bool

  /// Creates a file's reading.
  public init(bytes: [UInt8], isReadableByOthers: Bool) {
    self.bytes = bytes
    self.isReadableByOthers = isReadableByOthers
  }

  /// Reads a regular file. Blocks.
  ///
  /// - Throws: ``SystemError``.
  public static func read(_ path: String) throws(SystemError) -> SecretFile {
    // Without O_NONBLOCK a FIFO at this path would hang the open for ever.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw SystemError(number: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw SystemError(number: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw SystemError(number: EINVAL) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while bytes.count <= SecretResolver.maximumBytes {
      let count = Glibc.read(descriptor, &chunk, min(chunk.count, SecretResolver.maximumBytes + 1 - bytes.count))
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw SystemError(number: errno) }
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    return SecretFile(bytes: bytes, isReadableByOthers: status.st_mode & (S_IRGRP | S_IROTH) != 0)
  }
}

/// What the operating system answered.
public struct SystemError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The `errno` number.
  public var number: Int32
  /// Wraps a number.
  public init(number: Int32) { self.number = number }
  /// The system's words.
  public var description: String { String(cString: strerror(number)) }
}
