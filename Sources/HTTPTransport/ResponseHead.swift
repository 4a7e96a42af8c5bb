/// Status and header fields of the latest answer, built line by line as libcurl delivers them.
struct ResponseHead {
  /// Bounds against a server that never stops sending fields.
  static let mostFields = 1_000
  static let mostBytes = 1 << 20

  private(set) var status = 0
  private(set) var headers: [(name: String, value: String)] = []
  /// Whether the empty line after the fields has arrived.
  private(set) var isComplete = false
  private var bytes = 0

  /// Takes one line, including its line break. False if the head has exceeded its bounds.
  mutating func take(_ line: UnsafeRawBufferPointer) -> Bool {
    let text = line.prefix { $0 != 0x0d && $0 != 0x0a }
    if text.starts(with: "HTTP/".utf8) {
      // An interim answer (1xx) or a challenge came before; only the last head counts.
      self = ResponseHead()
      status = Int(String(decoding: text.drop { $0 != 0x20 }.dropFirst().prefix(3), as: UTF8.self)) ?? 0
      return true
    }
    // Fields after the head are trailers of the body, which no provider here uses.
    guard !isComplete else { return true }
    bytes += line.count
    guard bytes <= Self.mostBytes, headers.count < Self.mostFields else { return false }
    if text.isEmpty {
      isComplete = true
    } else if text.first == 0x20 || text.first == 0x09 {
      foldIntoLastField(text)
    } else if let colon = text.firstIndex(of: UInt8(ascii: ":")) {
      headers.append((Self.trimmed(text[..<colon]), Self.trimmed(text[(colon + 1)...])))
    }
    return true
  }

  /// A field continued on the next line, obsolete but still seen (RFC 9112, 5.2).
  private mutating func foldIntoLastField(_ text: Slice<UnsafeRawBufferPointer>) {
    guard let last = headers.indices.last else { return }
    headers[last].value += " " + Self.trimmed(text)
  }

  private static func trimmed(_ text: Slice<UnsafeRawBufferPointer>) -> String {
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
    guard let last = text.lastIndex(where: { !isBlank($0) }) else { return "" }
    return String(decoding: text[...last].drop(while: isBlank), as: UTF8.self)
  }
}
