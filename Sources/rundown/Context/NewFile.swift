import Glibc

/// A file that a command writes for the user. It never replaces an existing one.
enum NewFile {
  /// Writes a file that does not exist yet.
  /// - Throws: ``CommandError`` RD0421 if it exists.
  static func write(_ path: String, _ text: String, flag: String) throws {
    try ProcessContext.requireFolder(for: path)
    let descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0o666)
    if descriptor < 0, errno == EEXIST {
      throw CommandError.input(
        "RD0421", "\(ProcessContext.absolute(path)) exists already", flag: flag,
        help: "choose another name, or remove it")
    }
    guard descriptor >= 0 else { throw failure(path, errno) }
    defer { close(descriptor) }
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure(path, errno) }
      bytes = bytes.dropFirst(count)
    }
  }

  private static func failure(_ path: String, _ number: Int32) -> CommandError {
    CommandError(
      status: .failed, code: "output", message: "\(path) cannot be written: \(String(cString: strerror(number)))",
      flag: path, help: "check that its folder exists and that this user may write to it")
  }
}
