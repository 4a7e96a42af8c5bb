import Secrets

/// Finds what makes a request unfit to be sent. Checked before anything is sent, since libcurl passes most of it on
/// unchanged: a line break inside a header would become a header of its own.
struct RequestCheck {
  /// Far above what a server accepts; a bound for foreign input, not a rule of HTTP.
  static let longestURL = 64 << 10

  let request: HTTPRequest

  /// Why the request cannot be sent, nil if it can. Never repeats a value, which may be a secret.
  func problem() -> String? {
    methodProblem() ?? urlProblem() ?? headerProblem() ?? bodyProblem() ?? authenticationProblem() ?? timeoutProblem()
  }

  private func methodProblem() -> String? {
    Self.isToken(request.method) && request.method.utf8.allSatisfy { !(97...122).contains($0) }
      ? nil : "the method is not an upper-case HTTP token"
  }

  private func urlProblem() -> String? {
    let bytes = Array(request.url.utf8)
    guard bytes.count <= Self.longestURL else { return "the URL is longer than \(Self.longestURL) bytes" }
    guard bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
      return "the URL contains a space, a control character or a character that is not percent-encoded"
    }
    guard request.url.hasPrefix("http://") || request.url.hasPrefix("https://") else {
      return "the URL does not start with http:// or https://"
    }
    guard !bytes.contains(UInt8(ascii: "#")) else { return "the URL has a fragment, which is never sent" }
    let path = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.endIndex
    let authority = bytes[ShownURL.authority(of: bytes[..<path])]
    guard !authority.isEmpty else { return "the URL has no host" }
    guard !authority.contains(UInt8(ascii: "@")) else {
      return "the URL contains a user or password; use the request's authentication instead"
    }
    return nil
  }

  private func headerProblem() -> String? {
    for header in request.headers {
      guard Self.isToken(header.name) else { return "a header name is not an HTTP token" }
      // The length on the wire is the body's; with a second one, two servers could disagree about where the request
      // ends.
      if ["content-length", "transfer-encoding"].contains(header.name.lowercased()) {
        return "the header \(header.name) is set from the body"
      }
      guard header.value.text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }) else {
        return "the value of the header \(header.name) contains a control character"
      }
    }
    return nil
  }

  private func bodyProblem() -> String? {
    switch request.body {
    case .none: return nil
    case .bytes: break
    case .file(_, let offset, let length, _):
      guard offset >= 0, length >= 0, offset <= Int64.max - length else { return "the file range is not valid" }
    }
    return request.method == "HEAD" ? "a HEAD request cannot have a body" : nil
  }

  private func authenticationProblem() -> String? {
    guard let authentication = request.authentication else { return nil }
    // libcurl takes C strings: a NUL would silently cut off the password.
    let hasNUL = [authentication.user, authentication.password].contains { $0.reveal().utf8.contains(0) }
    return hasNUL ? "the user or password contains a NUL" : nil
  }

  private func timeoutProblem() -> String? {
    let timeouts = request.timeouts
    let isPositive = timeouts.connect > .zero && timeouts.stall > .zero && (timeouts.total ?? .seconds(1)) > .zero
    return isPositive ? nil : "a timeout must be positive"
  }

  /// A token of RFC 9110, 5.6.2.
  private static func isToken(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
      }
  }
}

extension HTTPHeaderValue {
  /// The value as it is sent to the server.
  var text: String {
    switch self {
    case .plain(let text): text
    case .secret(let secret): secret.reveal()
    }
  }
}
