import AWSClient

/// The origin of a stream target.
enum Origin {
  /// Whether two URLs mean the same origin. The capitalization of the host, a dot or slashes at its end and the default
  /// port of the scheme make no difference, nor does the scheme if one of them has none.
  static func same(_ one: String?, _ other: String) -> Bool {
    guard let one else { return false }
    guard parts(of: one) == nil else { return normal(one) == normal(other) }
    return ["https", "http"].contains { normal("\($0)://\(one)") == normal(other) }
  }

  /// Why a URL cannot be an origin; nil if it can. The URL is not quoted, because it may contain a secret.
  static func problem(with url: String) -> String? {
    guard let scheme = ["https://", "http://"].first(where: url.lowercased().hasPrefix) else {
      return "an origin must start with https:// or http://"
    }
    guard url.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F }) else {
      return "an origin must be ASCII without spaces"
    }
    let rest = url.dropFirst(scheme.count)
    let authority = rest.prefix { !"/?#".contains($0) }
    if authority.contains("@") { return "an origin cannot contain a user or password" }
    if authority.isEmpty || authority.hasPrefix(":") { return "the origin has no host" }
    return rest.contains { "?#".contains($0) } ? "an origin cannot have a query or fragment" : nil
  }

  /// The regional address that replaces the legacy one of a bucket, `https://BUCKET.s3.amazonaws.com` or
  /// `https://s3.amazonaws.com/BUCKET`, from which a CDN target cannot fetch; nil for any other URL.
  static func regional(ofLegacy url: String, bucket: String, region: String) -> String? {
    guard let (scheme, authority, path) = parts(of: url) else { return nil }
    let host = authority.lowercased().prefix { $0 != ":" }
    for legacy in ["s3.amazonaws.com", "s3-external-1.amazonaws.com"] {
      if host == legacy {
        let segments = path.split(separator: "/", maxSplits: 1)
        let name = segments.first.map(String.init) ?? bucket
        return S3URL.bucket(name, region: region) + (segments.count > 1 ? "/\(segments[1])" : "")
      }
      guard host.hasSuffix("." + legacy) else { continue }
      let regional = S3URL.bucket(String(host.dropLast(legacy.count + 1)), region: region)
      return scheme.lowercased() + regional.dropFirst("https".count) + path
    }
    return nil
  }

  /// What an origin serves, whatever its address: `s3://BUCKET/PATH` for every address that AWS has for a bucket
  /// (regional, dual-stack, path style, legacy, accelerated, website), else host and path. The scheme makes no
  /// difference.
  static func place(of url: String) -> String {
    guard let (_, authority, path) = parts(of: url) ?? parts(of: "https://\(url)") else { return url.lowercased() }
    var host = authority.lowercased()[...]
    for port in [":443", ":80"] where host.hasSuffix(port) { host.removeLast(port.count) }
    let segments = path.split(separator: "/")
    func joined(_ segments: some Sequence<Substring>) -> String { segments.map { "/\($0)" }.joined() }
    for suffix in [".amazonaws.com", ".amazonaws.com.cn"] where host.hasSuffix(suffix) {
      let labels = host.dropLast(suffix.count).split(separator: ".")
      // Only a region follows the service's own label; a bucket's name may contain the same word.
      guard let service = labels.lastIndex(where: { $0 == "s3" || $0.hasPrefix("s3-") }) else { continue }
      if service > 0 { return "s3://\(labels[..<service].joined(separator: "."))" + joined(segments) }
      return "s3:/" + joined(segments)
    }
    return host + joined(segments)
  }

  /// One normal form for all that mean the same origin.
  private static func normal(_ url: String) -> String {
    guard let (scheme, authority, path) = parts(of: url) else { return url.lowercased() }
    var host = authority.lowercased()[...]
    for (word, port) in [("https", ":443"), ("http", ":80")]
    where scheme.lowercased() == word && host.hasSuffix(port) {
      host.removeLast(port.count)
    }
    var rest = path[...]
    while rest.hasSuffix("/") { rest.removeLast() }
    return "\(scheme.lowercased())://\(host)\(rest)"
  }

  private static func parts(of url: String) -> (scheme: String, authority: String, path: String)? {
    guard let colon = url.firstIndex(of: ":"), url[colon...].hasPrefix("://") else { return nil }
    let rest = url[colon...].dropFirst(3)
    let authority = rest.prefix { $0 != "/" }
    // A dot after a host's last label marks it as fully qualified; it is the same host.
    let host = authority.prefix { $0 != ":" }
    let named = host.hasSuffix(".") ? host.dropLast() + authority[host.endIndex...] : authority
    return (String(url[..<colon]), String(named), String(rest[authority.endIndex...]))
  }
}

/// Where playback of a custom origin starts.
enum PlaybackRoot {
  /// The part of `https://host/1/id/name/hls/live/playlist.m3u8` up to the stream's name; the path below it comes from
  /// the origin. An address in another form only loses its last component.
  static func of(_ url: String) -> String? {
    for suffix in ["/hls/live/playlist.m3u8", "/playlist.m3u8"] where url.hasSuffix(suffix) {
      return String(url.dropLast(suffix.count))
    }
    return nil
  }
}
