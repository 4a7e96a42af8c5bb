import AWSClient
import Glibc

/// A recording on this machine, removed when the test lets go of it.
///
/// It is a row of blocks with zeros between their stamps, so that any piece of it tells from where in which take it is.
final class UploadRecordingFile: Sendable {
  struct Failure: Error {}

  static let block: Int64 = 1 << 20

  let path: String

  init(size: Int64, take: String = "take-1", suffix: String = ".mp4") throws {
    var template = Array("/tmp/upload-tests.XXXXXX\(suffix)".utf8CString)
    let descriptor = mkstemps(&template, Int32(suffix.utf8.count))
    guard descriptor >= 0 else { throw Failure() }
    close(descriptor)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    try record(size: size, take: take)
  }

  deinit { unlink(path) }

  /// Writes the file anew.
  func record(size: Int64, take: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT, 0o600)
    guard descriptor >= 0 else { throw Failure() }
    defer { close(descriptor) }
    guard ftruncate(descriptor, 0) == 0, ftruncate(descriptor, off_t(size)) == 0 else { throw Failure() }
    for offset in stride(from: 0, to: size, by: Int64.Stride(Self.block)) {
      let bytes = Array(Self.stamp(take, offset).utf8.prefix(Int(size - offset)))
      guard pwrite(descriptor, bytes, bytes.count, off_t(offset)) == bytes.count else { throw Failure() }
    }
    // Two takes within one tick of the file system's clock must still have different times.
    let moment = timespec(tv_sec: 1_700_000_000 + take.utf8.reduce(0) { $0 * 7 + Int($1) } % 1_000_000, tv_nsec: 0)
    guard futimens(descriptor, [moment, moment]) == 0 else { throw Failure() }
  }

  /// Changes a byte where it is and puts the times back that a person can put back.
  func changeByte(at offset: Int64) throws {
    let descriptor = open(path, O_WRONLY)
    guard descriptor >= 0 else { throw Failure() }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, pwrite(descriptor, "X", 1, off_t(offset)) == 1,
      futimens(descriptor, [status.st_atim, status.st_mtim]) == 0
    else { throw Failure() }
  }

  /// Changes what is known of the file and none of its bytes.
  func changeRights() throws {
    guard chmod(path, 0o640) == 0 else { throw Failure() }
  }

  /// The stamps of a range of a file as it is on disk.
  static func stamps(path: String, offset: Int64, length: Int64) -> [String] {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    return stride(from: offset, to: offset + length, by: Int64.Stride(block)).map { position in
      var bytes = [UInt8](repeating: 0, count: Int(min(32, offset + length - position)))
      let count = pread(descriptor, &bytes, bytes.count, off_t(position))
      return String(decoding: bytes.prefix(max(0, count)).prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  /// The stamps of bytes as they were sent, from the beginning of a block.
  static func stamps(in bytes: [UInt8]) -> [String] {
    stride(from: 0, to: bytes.count, by: Int(block)).map { offset in
      String(decoding: bytes[offset..<min(offset + 32, bytes.count)].prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  /// What an object that holds this take looks like.
  static func stamps(take: String, size: Int64) -> [String] {
    stride(from: 0, to: size, by: Int64.Stride(block)).map { offset in
      String(decoding: stamp(take, offset).utf8.prefix(Int(size - offset)), as: UTF8.self)
    }
  }

  private static func stamp(_ take: String, _ offset: Int64) -> String { "\(take)@\(offset);" }
}
