/// A URL as it may be shown: without user info, query and fragment, and without characters that could forge a log line.
struct ShownURL: CustomStringConvertible {
  let description: String

  init(_ url: String) {
    // Compares bytes, not Characters: "\r\n" is one Character and would not equal either half.
    let bytes = Array(url.utf8)
    let end = bytes.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") } ?? bytes.endIndex
    let authority = Self.authority(of: bytes[..<end])
    var shown = Array(bytes[..<authority.lowerBound])
    let host = bytes[authority].lastIndex(of: UInt8(ascii: "@")).map { $0 + 1 } ?? authority.lowerBound
    shown += bytes[host..<end]
    description = String(decoding: shown, as: UTF8.self).shown
  }

  /// The range of the authority (RFC 3986, 3.2). Text without a scheme is assumed to begin with it, so that a forgotten
  /// `https://` does not expose the user info.
  static func authority(of bytes: ArraySlice<UInt8>) -> Range<Int> {
    let slash = UInt8(ascii: "/")
    var start = bytes.startIndex
    if let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes[(colon + 1)...].starts(with: [slash, slash]) {
      start = colon + 3
    }
    return start..<(bytes[start...].firstIndex(of: slash) ?? bytes.endIndex)
  }
}

extension String {
  /// The text with everything but visible ASCII replaced, for methods and URLs that may be invalid.
  var shown: String {
    String(decoding: utf8.map { $0 > 0x20 && $0 < 0x7f ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
  }
}
