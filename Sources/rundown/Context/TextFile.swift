import Glibc
import Wire

/// Text files as a person names them, read within bounds.
enum TextFile {
  /// The system's words for why a file cannot be read.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The text of a file; nil when there is none.
  static func read(_ path: String, limit: Int) throws -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0, errno == ENOENT || errno == ENOTDIR { return nil }
    guard descriptor >= 0 else { throw Failure(description: String(cString: strerror(errno))) }
    defer { close(descriptor) }
    return try read(descriptor, limit: limit)
  }

  /// All text of an open descriptor.
  static func read(_ descriptor: Int32, limit: Int) throws -> String {
    let bytes: [UInt8]
    do {
      bytes = try SmallFile.read(descriptor, limit: limit)
    } catch {
      throw Failure(description: "\(error)")
    }
    guard bytes.count <= limit else { throw Failure(description: "it is larger than \(limit >> 20) MiB") }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure(description: "it is not UTF-8 text")
    }
    return text
  }
}
