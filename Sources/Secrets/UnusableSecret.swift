/// Why the content of a source cannot be sent as a secret. Never contains a value.
public struct UnusableSecret: Error, Sendable, Hashable {
  /// What is wrong with it.
  public var cause: String
  /// What to do.
  public var hint: String
  /// Whether there are only blanks and line breaks.
  public var isEmpty = false

  static let empty = UnusableSecret(cause: "it is empty", hint: "write the secret into it", isEmpty: true)
}

extension Secret {
  /// Reads the content of a source: blanks and line breaks at both ends are not part of a secret, and the rest can be
  /// sent as the value of a header.
  ///
  /// - Throws: ``UnusableSecret`` if there is nothing, for bytes that are not UTF-8, for a byte order mark and for
  ///   control characters, including a line break in the middle: every provider would refuse a secret that was wrapped,
  ///   or saved by an editor in another encoding, job by job.
  public init(reading bytes: some Collection<UInt8>) throws(UnusableSecret) {
    let encoding = "save it as plain UTF-8 without a byte order mark"
    if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) {
      throw UnusableSecret(cause: "it is UTF-16, not UTF-8", hint: encoding)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw UnusableSecret(cause: "it is not UTF-8", hint: encoding)
    }
    let scalars = text.unicodeScalars
    guard !scalars.contains("\u{feff}") else {
      throw UnusableSecret(cause: "it contains a byte order mark", hint: encoding)
    }
    guard !scalars.contains("\0") else {
      throw UnusableSecret(cause: "it contains a NUL, as UTF-16 does", hint: encoding)
    }
    let start = scalars.drop { $0.properties.isWhitespace }
    guard let last = start.lastIndex(where: { !$0.properties.isWhitespace }) else { throw .empty }
    let value = start[...last]
    guard !value.contains(where: { $0 == "\n" || $0 == "\r" }) else {
      throw UnusableSecret(cause: "it contains a line break", hint: "write it on one line")
    }
    guard value.allSatisfy({ $0.properties.generalCategory != .control }) else {
      throw UnusableSecret(cause: "it contains a control character", hint: "write it again, on one line")
    }
    self.init(String(String.UnicodeScalarView(value)))
  }

  /// Reads a text in the same way.
  /// - Throws: ``UnusableSecret``.
  public init(reading text: String) throws(UnusableSecret) { try self.init(reading: text.utf8) }
}
