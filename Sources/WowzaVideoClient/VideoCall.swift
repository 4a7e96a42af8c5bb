/// One call of the REST API, before it is signed.
struct VideoCall: Sendable {
  var method = "GET"
  /// The segments after the version, not escaped.
  var path: [String]
  /// Already escaped.
  var query = ""
  var body: VideoValue?
  /// What it acts on, for errors.
  var target: String

  var isWrite: Bool { method != "GET" }

  /// Method and path in the provider's words, without ids: they are the target.
  let operation: String
}

extension String {
  /// The text as one segment of a path: everything except RFC 3986's unreserved characters is escaped.
  var asPathSegment: String {
    utf8.map { byte in
      switch UnicodeScalar(byte) {
      case "a"..."z", "A"..."Z", "0"..."9", "-", ".", "_", "~": String(UnicodeScalar(byte))
      default: (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
      }
    }.joined()
  }
}
