import Glibc
public import Wire

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
    let file = try SmallFile.read(path, limit: SecretResolver.maximumBytes)
    return SecretFile(bytes: file.bytes, isReadableByOthers: file.mode & (S_IRGRP | S_IROTH) != 0)
  }
}
