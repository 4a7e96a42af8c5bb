/// The origin of a stream target.
enum Origin {
  /// Whether two spellings mean one origin: the host's case and slashes at the end do not matter.
  static func same(_ one: String?, _ other: String) -> Bool {
    guard let one else { return false }
    return normal(one) == normal(other)
  }

  /// Why a URL cannot be an origin; nil when it can. The URL is not repeated: it may hold what nobody should read.
  static func problem(with url: String) -> String? {
    guard let scheme = ["https://", "http://"].first(where: url.lowercased().hasPrefix) else {
      return "an origin begins with https:// or http://"
    }
    guard url.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F }) else {
      return "an origin is written in ASCII, without spaces"
    }
    let rest = url.dropFirst(scheme.count)
    let authority = rest.prefix { !"/?#".contains($0) }
    if authority.contains("@") { return "an origin cannot carry a user or a password" }
    if authority.isEmpty || authority.hasPrefix(":") { return "the origin names no host" }
    return rest.contains { "?#".contains($0) } ? "an origin has neither query nor fragment" : nil
  }

  private static func normal(_ url: String) -> String {
    var text = url[...]
    while text.hasSuffix("/") { text.removeLast() }
    guard let scheme = text.range(ofFirst: "://") else { return text.lowercased() }
    let host = text[scheme.upperBound...].prefix { $0 != "/" }
    return text[..<host.endIndex].lowercased() + text[host.endIndex...]
  }
}

/// Where playback of a custom origin begins.
enum PlaybackRoot {
  /// Of `https://host/1/id/name/hls/live/playlist.m3u8` the part up to the stream's name: the path below it is the
  /// origin's. An address of another form loses its last part only.
  static func of(_ url: String) -> String? {
    for suffix in ["/hls/live/playlist.m3u8", "/playlist.m3u8"] where url.hasSuffix(suffix) {
      return String(url.dropLast(suffix.count))
    }
    return nil
  }
}

extension Substring {
  fileprivate func range(ofFirst text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}
