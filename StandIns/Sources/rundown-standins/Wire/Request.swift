import FoundationEssentials
import HTTPTypes

/// One request as the stand-ins see it: complete, with its body in memory.
struct Request: Sendable {
  let method: String
  /// Path and query exactly as sent: Digest and HMAC sign these bytes.
  let target: String
  /// The `Host` header, which is not among the fields below.
  let authority: String?
  let headers: HTTPFields
  let body: [UInt8]
  /// The body was larger than accepted here; ``body`` is only its beginning.
  let isTooLarge: Bool

  /// The path without the query, still percent-encoded.
  var path: String {
    String(target.prefix { $0 != "?" })
  }

  /// The path's parts, decoded separately so that an encoded slash stays inside its part.
  var segments: [String] {
    path.split(separator: "/").map { PercentText.decode($0) }
  }

  var query: [(name: String, value: String)] {
    guard let mark = target.firstIndex(of: "?") else { return [] }
    return target[target.index(after: mark)...].split(separator: "&").map { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (
        PercentText.decode(parts[0], plusIsSpace: true),
        parts.count > 1 ? PercentText.decode(parts[1], plusIsSpace: true) : ""
      )
    }
  }

  /// The client wants the connection to close after the answer.
  var isLast: Bool {
    header("Connection")?.lowercased() == "close"
  }

  var changes: Bool {
    method != "GET" && method != "HEAD"
  }

  /// The body as JSON; nil if it is not JSON.
  var json: JSONValue? {
    try? JSONDecoder().decode(JSONValue.self, from: Data(body))
  }

  func header(_ name: String) -> String? {
    HTTPField.Name(name).flatMap { headers[$0] }
  }
}
