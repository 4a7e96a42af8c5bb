import Glibc
import Presentation
import Settings

/// Standard output: data only. If its reader goes away, that is not an error: the command is carried out to its end,
/// unseen.
///
/// Used by one task at a time: the one that runs the command.
enum Output {
  /// Writes text and a line break. Every control character except the line feed becomes a space: everything that a
  /// command prints for people goes through here, ``painted(_:)`` or ``message(_:)``.
  /// - Throws: ``CommandError`` if the stream cannot be written for any reason other than a closed pipe.
  static func line(_ text: String) throws { try write(PlainText.lines(text) + "\n") }

  /// The same for text coloured by ``Terminal/paint(_:_:)``: our own colours stay.
  static func painted(_ text: String) throws { try write(Terminal.output.fit(text) + "\n") }

  /// Writes a line of JSON. Its values stay exact; characters that a terminal would act on are escaped, which makes no
  /// difference to a JSON reader.
  static func json(_ text: String) throws { try write(escaped(text) + "\n") }

  private static func escaped(_ json: String) -> String {
    guard json.unicodeScalars.contains(where: PlainText.isControl) else { return json }
    var escaped = ""
    for scalar in json.unicodeScalars {
      if PlainText.isControl(scalar) {
        let digits = String(scalar.value, radix: 16)
        escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      } else {
        escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// Writes text as it is; only for text that cannot contain foreign text, or has already been made harmless.
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

  /// Writes a sentence for a person to standard error, broken between words where the terminal ends.
  static func sentence(_ text: String) { paintedMessage(Terminal.error.paragraph(text)) }

  /// Writes a message for people to standard error; failures are ignored.
  static func message(_ text: String) { _ = put(PlainText.lines(text) + "\n", to: STDERR_FILENO) }

  /// Writes an error or a warning to standard error. On a terminal, its message, notes and help are broken between
  /// words; lines quoted from a file stay as they are, with the marks below them.
  static func diagnostic(_ text: String) { message(Terminal.error.diagnostic(text)) }

  /// Overwrites the current line of standard error, and leaves the cursor there.
  static func progress(_ text: String) { _ = put("\r\u{1B}[K" + PlainText.oneLine(text), to: STDERR_FILENO) }

  /// Writes a line of JSON to standard error, exact as ``json(_:)`` does.
  static func jsonMessage(_ text: String) { _ = put(escaped(text) + "\n", to: STDERR_FILENO) }

  /// Writes a question to standard error; the answer is typed after it.
  static func prompt(_ text: String) { _ = put(PlainText.oneLine(text), to: STDERR_FILENO) }

  /// The same for text coloured by ``Terminal/paint(_:_:)``.
  static func paintedMessage(_ text: String) { _ = put(Terminal.error.fit(text) + "\n", to: STDERR_FILENO) }

  /// Writes all of it; returns the error number if that fails.
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
