/// One challenge of a `WWW-Authenticate` field (RFC 9110, 11.6.1).
struct HTTPChallenge: Sendable, Hashable {
  /// The scheme in lower case: `basic`, `digest`.
  var scheme: String
  /// The parameters by their lower-case names.
  var parameters: [String: String]

  /// All challenges of an answer, in order.
  static func all(of response: HTTPResponse) -> [HTTPChallenge] {
    response.headers.filter { $0.name.lowercased() == "www-authenticate" }.flatMap { parse($0.value) }
  }

  /// The challenges of one field: a scheme, then parameters separated by commas; a word without `=` starts the next.
  static func parse(_ field: String) -> [HTTPChallenge] {
    var reader = HTTPFieldReader(field)
    var challenges: [HTTPChallenge] = []
    while true {
      reader.skipSeparators()
      guard let word = reader.token() else { return challenges }
      guard reader.skipEquals() else {
        challenges.append(HTTPChallenge(scheme: word.lowercased(), parameters: [:]))
        continue
      }
      guard let value = reader.value(), !challenges.isEmpty else { return challenges }
      challenges[challenges.count - 1].parameters[word.lowercased()] = value
    }
  }

  /// The parameters of a field that has no scheme, such as `Authentication-Info`.
  static func parameters(of field: String) -> [String: String] {
    parse("info \(field)").first?.parameters ?? [:]
  }
}

/// Reads tokens and quoted strings (RFC 9110, 5.6) from a header field.
struct HTTPFieldReader {
  private let bytes: [UInt8]
  private var index = 0

  init(_ text: String) {
    bytes = Array(text.utf8)
  }

  mutating func skipSeparators() {
    while index < bytes.count, " \t,".utf8.contains(bytes[index]) { index += 1 }
  }

  mutating func token() -> String? {
    let start = index
    while index < bytes.count, !" \t,=\"".utf8.contains(bytes[index]) { index += 1 }
    return start == index ? nil : String(decoding: bytes[start..<index], as: UTF8.self)
  }

  /// Whether an equals sign follows; skips it and the white space around it. White space may also precede a scheme's
  /// first parameter, so a word without the sign leaves the position unchanged.
  mutating func skipEquals() -> Bool {
    var next = index
    while next < bytes.count, " \t".utf8.contains(bytes[next]) { next += 1 }
    guard next < bytes.count, bytes[next] == UInt8(ascii: "=") else { return false }
    index = next + 1
    while index < bytes.count, " \t".utf8.contains(bytes[index]) { index += 1 }
    return true
  }

  mutating func value() -> String? {
    guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { return token() }
    index += 1
    var value: [UInt8] = []
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "\""):
        index += 1
        return String(decoding: value, as: UTF8.self)
      case UInt8(ascii: "\\") where index + 1 < bytes.count:
        value.append(bytes[index + 1])
        index += 2
      case let byte:
        value.append(byte)
        index += 1
      }
    }
    return nil
  }
}
