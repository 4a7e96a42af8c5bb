import Glibc

/// A directory of one test's own, removed with what is in it when the test lets go of it.
final class TemporaryDirectory: Sendable {
  struct Failure: Error {}

  let path: String

  init() throws {
    var template = Array("/tmp/http-transport-tests.XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Failure() }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    for name in names { unlink(file(name)) }
    rmdir(path)
  }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// The files in it.
  var names: [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  /// Writes a file and returns its path.
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    guard let stream = fopen(file(name), "w") else { throw Failure() }
    defer { fclose(stream) }
    guard fwrite(bytes, 1, bytes.count, stream) == bytes.count else { throw Failure() }
    return file(name)
  }

  func read(_ name: String) throws -> [UInt8] {
    guard let stream = fopen(file(name), "r") else { throw Failure() }
    defer { fclose(stream) }
    var status = stat()
    fstat(fileno(stream), &status)
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    guard fread(&bytes, 1, bytes.count, stream) == bytes.count else { throw Failure() }
    return bytes
  }
}
