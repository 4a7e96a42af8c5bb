import Glibc

/// Standard output: data only. A reader that went away is no error: what was asked for is done to the end, unseen.
///
/// Used by one task at a time: the one that runs the command.
enum Output {
  /// Writes text and a line break.
  /// - Throws: ``CommandError`` when the stream takes no more for another reason than a closed pipe.
  static func line(_ text: String) throws { try write(text + "\n") }

  /// Writes text as it is.
  static func write(_ text: String) throws {
    if let number = put(text, to: STDOUT_FILENO), number != EPIPE {
      throw CommandError(
        status: .failed, code: "output", message: "cannot write to standard output: \(words(of: number))")
    }
  }

  /// Whether the reader of standard output went away.
  static var isClosed: Bool {
    var descriptor = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
    return poll(&descriptor, 1, 0) > 0 && descriptor.revents & Int16(POLLERR) != 0
  }

  /// Writes a message for a person to standard error; nobody is told when that fails.
  static func message(_ text: String) { _ = put(text + "\n", to: STDERR_FILENO) }

  /// Writes all of it; the error's number when that fails.
  private static func put(_ text: String, to descriptor: Int32) -> Int32? {
    var text = text
    return text.withUTF8 { bytes in
      var sent = 0
      while sent < bytes.count {
        let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + sent }, bytes.count - sent)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { return errno }
        sent += count
      }
      return nil
    }
  }

  private static func words(of number: Int32) -> String { String(cString: strerror(number)) }
}
