import Glibc
import Wire

/// A small file of the kernel, such as those below `/proc`.
enum ProcFile {
  /// The file's first 4 KiB as text without surrounding white space; nil when it cannot be read.
  static func read(_ path: String) -> String? {
    guard let file = try? SmallFile.read(path, limit: 4096), !file.bytes.isEmpty else { return nil }
    let text = String(decoding: file.bytes.prefix(4096), as: UTF8.self)
    return String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }

  /// Where a link points; nil when it is none or cannot be read.
  static func target(ofLink path: String) -> String? {
    var bytes = [CChar](repeating: 0, count: 256)
    let count = readlink(path, &bytes, bytes.count)
    guard count > 0 else { return nil }
    return String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
