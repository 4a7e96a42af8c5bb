import Crypto
import Dispatch
import FoundationEssentials
import Glibc
public import HTTPTransport
import Wire

/// Digests of a range of a file. The reads block, so they run on a Dispatch queue and not on the cooperative pool.
public enum FileDigest {
  /// The CRC-32C of `length` bytes from `offset` on.
  /// - Parameter expected: the file that the path must still refer to.
  /// - Throws: ``FileDigestError`` if the range cannot be read completely.
  public static func crc32c(
    path: String, offset: Int64, length: Int64, expected: FileID? = nil
  ) async throws -> CRC32C {
    try await offloaded {
      var crc = CRC32C()
      try read(path: path, offset: offset, length: length, expected) { crc.update($0) }
      return crc
    }
  }

  /// The CRC-32C of `length` bytes from `offset` on, and their MD5 if requested, in one pass.
  /// - Parameter expected: the file that the path must still refer to.
  /// - Throws: ``FileDigestError`` if the range cannot be read completely.
  public static func checksums(
    path: String, offset: Int64, length: Int64, expected: FileID? = nil, withMD5: Bool
  ) async throws -> (crc32c: CRC32C, md5: [UInt8]?) {
    try await offloaded {
      var crc = CRC32C()
      var md5 = withMD5 ? Insecure.MD5() : nil
      try read(path: path, offset: offset, length: length, expected) {
        crc.update($0)
        md5?.update(bufferPointer: $0)
      }
      return (crc, md5.map { Array($0.finalize()) })
    }
  }

  static func sha256Hex(
    path: String, offset: Int64, length: Int64, expected: FileID? = nil
  ) async throws -> String {
    try await offloaded {
      var hash = SHA256()
      try read(path: path, offset: offset, length: length, expected) { hash.update(bufferPointer: $0) }
      return Hex.text(hash.finalize())
    }
  }

  private static func offloaded<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(with: Result(catching: work)) }
    }
  }

  private static func read(
    path: String, offset: Int64, length: Int64, _ expected: FileID?, _ consume: (UnsafeRawBufferPointer) -> Void
  ) throws {
    let descriptor: Int32
    do throws(RegularFile.Refusal) {
      descriptor = try RegularFile.open(path, expected: expected)
    } catch {
      throw FileDigestError(path: path, cause: error.cause, isShortage: error.isShortage)
    }
    defer { close(descriptor) }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { buffer.deallocate() }
    var position = offset
    while position < offset + length {
      let wanted = Int(min(Int64(buffer.count), offset + length - position))
      let count = pread(descriptor, buffer.baseAddress, wanted, off_t(position))
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw FileDigestError(path: path, cause: String(cString: strerror(errno))) }
      guard count > 0 else { throw FileDigestError(path: path, cause: "the file is shorter than expected") }
      consume(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      position += Int64(count)
    }
  }
}

/// A range of a file that could not be read.
public struct FileDigestError: Error, Sendable, Hashable {
  /// The file.
  public var path: String
  /// The system's message.
  public var cause: String
  /// Whether this process or machine had no room for another open file.
  public var isShortage = false

  /// Creates an error.
  public init(path: String, cause: String, isShortage: Bool = false) {
    self.path = path
    self.cause = cause
    self.isShortage = isShortage
  }
}
