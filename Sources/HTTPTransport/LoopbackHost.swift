/// Whether a URL addresses this machine itself, which no proxy reaches.
enum LoopbackHost {
  static func isAddressed(by url: String) -> Bool {
    let bytes = Array(url.utf8)
    let end = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.endIndex
    let authority = String(decoding: bytes[ShownURL.authority(of: bytes[..<end])], as: UTF8.self).lowercased()
    if authority.hasPrefix("[") { return authority.hasPrefix("[::1]") }
    let host = String(authority.prefix { $0 != ":" })
    return host == "localhost" || host.hasSuffix(".localhost") || isLoopbackIPv4(host)
  }

  /// 127.0.0.0/8, and only as an address: `127.example.com` is a name.
  private static func isLoopbackIPv4(_ host: String) -> Bool {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}
