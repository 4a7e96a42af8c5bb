import Glibc
import Wire

/// Text files given by the user, read up to a limit.
enum TextFile {
  /// The system's words for why a file cannot be read.
  struct Failure: Error, CustomStringConvertible {
    let description: String
    /// What to do about it, if known.
    var help: String?
  }

  /// The text of a file; nil if it does not exist.
  static func read(_ path: String, limit: Int) throws -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0, errno == ENOENT || errno == ENOTDIR { return nil }
    guard descriptor >= 0 else {
      throw Failure(
        description: String(cString: strerror(errno)), help: "this user must be able to read it")
    }
    defer { close(descriptor) }
    return try read(descriptor, limit: limit)
  }

  /// All text of an open descriptor.
  static func read(_ descriptor: Int32, limit: Int) throws -> String {
    let bytes: [UInt8]
    do {
      bytes = try SmallFile.read(descriptor, limit: limit)
    } catch  where error.number == EISDIR {
      throw Failure(description: "it is a folder", help: "give a file in it")
    } catch {
      throw Failure(description: "\(error)")
    }
    guard bytes.count <= limit else { throw Failure(description: "it is larger than \(limit >> 20) MiB") }
    return try text(bytes)
  }

  /// The text of bytes that have been read.
  static func text(_ bytes: [UInt8], of file: String) throws -> String {
    do {
      return try text(bytes)
    } catch let failure as Failure {
      throw CommandError.input("RD0111", "cannot read \(file): \(failure)", flag: file, help: failure.help)
    }
  }

  private static func text(_ bytes: [UInt8]) throws -> String {
    if let other = foreign(bytes) { throw other }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure(description: "it is not UTF-8 text", help: "save it as UTF-8")
    }
    return text
  }

  /// Files that are often mistaken for text, recognized by their first bytes.
  private static func foreign(_ bytes: [UInt8]) -> Failure? {
    func begins(_ marks: [[UInt8]]) -> Bool { marks.contains { bytes.starts(with: $0) } }
    if begins([[0xFF, 0xFE], [0xFE, 0xFF]]) {
      return Failure(description: "it is UTF-16", help: "save it as UTF-8; PowerShell: Out-File -Encoding utf8")
    }
    // ZIP, which modern spreadsheets use, and the container format of older ones.
    if begins([[0x50, 0x4B, 0x03, 0x04], [0xD0, 0xCF, 0x11, 0xE0]]) {
      return Failure(
        description: "it is a spreadsheet or an archive, not text", help: "write its rows as YAML or as lines of JSON")
    }
    if begins([[0x1F, 0x8B]]) {
      return Failure(description: "it is compressed", help: "unpack it first: zcat FILE | rundown enqueue -")
    }
    return nil
  }
}
