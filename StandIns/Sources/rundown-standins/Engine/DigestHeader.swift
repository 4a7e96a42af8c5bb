/// The parameters of an `Authorization: Digest …` header (RFC 7616, 3.4).
struct DigestHeader: Sendable {
  private let parameters: [String: String]

  /// nil if `text` is not a Digest header.
  init?(_ text: String) {
    guard text.lowercased().hasPrefix("digest ") else { return nil }
    var parameters: [String: String] = [:]
    var rest = text.dropFirst("digest ".count)
    while let equals = rest.firstIndex(of: "=") {
      let name = rest[..<equals].filter { $0 != " " && $0 != "," }.lowercased()
      rest = rest[rest.index(after: equals)...]
      let value: Substring
      if rest.first == "\"" {
        rest = rest.dropFirst()
        guard let end = rest.firstIndex(of: "\"") else { return nil }
        value = rest[..<end]
        rest = rest[rest.index(after: end)...]
      } else {
        let end = rest.firstIndex(of: ",") ?? rest.endIndex
        value = rest[..<end].prefix { $0 != " " }
        rest = rest[end...]
      }
      // A repeated parameter makes the header ambiguous, so it is refused.
      guard parameters.updateValue(String(value), forKey: name) == nil else { return nil }
    }
    self.parameters = parameters
  }

  subscript(name: String) -> String? {
    parameters[name]
  }
}
