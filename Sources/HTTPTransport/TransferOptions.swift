import CCurl
import Secrets

/// Sets all options of a libcurl handle for one request.
struct TransferOptions {
  /// From this length on, the server is first asked whether it accepts the body, so that a refusal costs no upload.
  static let expectContinueFrom: Int64 = 1 << 20
  /// Halves the time of a large upload compared with libcurl's 64 KiB; it is also libcurl's maximum.
  static let uploadBufferSize = 2 << 20

  private let easy: UnsafeMutableRawPointer
  private var firstFailure: CURLcode?

  private init(_ easy: UnsafeMutableRawPointer) {
    self.easy = easy
  }

  /// Applies the request. Returns libcurl's code for the first option that it does not accept, nil if all are set.
  static func apply(
    _ transfer: Transfer, to easy: UnsafeMutableRawPointer, _ configuration: CurlTransport.Configuration
  ) -> CURLcode? {
    var options = TransferOptions(easy)
    options.note(TransferCallbacks.register(transfer, with: easy))
    options.set(CURLOPT_ERRORBUFFER, pointer: transfer.errorText)
    options.setConnection(transfer.request, configuration)
    // libcurl repeats on a new connection what was lost with a kept one, and must not repeat this request.
    if !transfer.departure.isRepeatable || transfer.needsNewConnection { options.set(CURLOPT_FRESH_CONNECT, 1) }
    options.setTimeouts(transfer.request.timeouts)
    options.setMethodAndBody(transfer, configuration)
    options.setHeaders(transfer, configuration)
    if let authentication = transfer.request.authentication { options.setAuthentication(authentication) }
    return options.firstFailure
  }

  private mutating func setConnection(_ request: HTTPRequest, _ configuration: CurlTransport.Configuration) {
    set(CURLOPT_URL, request.url)
    set(CURLOPT_PROTOCOLS_STR, "http,https")
    set(CURLOPT_PATH_AS_IS, 1)
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLOPT_TCP_KEEPALIVE, 1)
    set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    // Without it, ending a transfer waits for a running name resolution and delays all others. Since 7.87.
    _ = ccurl_set_long(easy, CURLOPT_QUICK_EXIT, 1)
    // An upload is faster over a connection of its own than as one stream of an HTTP/2 connection.
    if case .file = request.body {
      set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
    } else {
      set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
      set(CURLOPT_PIPEWAIT, 1)
    }
    if let file = configuration.certificateAuthorityFile { set(CURLOPT_CAINFO, file) }
    switch configuration.minimumTLS {
    case .v1_2: set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
    case .v1_3: set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_3)
    case nil: break
    }
    setProxy(request, configuration.proxy)
  }

  /// An empty proxy overrides the environment; if the option is not set, libcurl reads the environment.
  private mutating func setProxy(_ request: HTTPRequest, _ proxy: CurlTransport.Configuration.Proxy) {
    if LoopbackHost.isAddressed(by: request.url) { return set(CURLOPT_PROXY, "") }
    switch proxy {
    case .environment: break
    case .none: set(CURLOPT_PROXY, "")
    case .url(let url): set(CURLOPT_PROXY, url.reveal())
    }
  }

  private mutating func setTimeouts(_ timeouts: HTTPTimeouts) {
    set(CURLOPT_CONNECTTIMEOUT_MS, timeouts.connect.wholeMilliseconds)
    if let total = timeouts.total { set(CURLOPT_TIMEOUT_MS, total.wholeMilliseconds) }
    set(CURLOPT_LOW_SPEED_LIMIT, 1)
    // libcurl measures speed in whole seconds.
    set(CURLOPT_LOW_SPEED_TIME, (timeouts.stall.wholeMilliseconds + 999) / 1_000)
  }

  private mutating func setMethodAndBody(_ transfer: Transfer, _ configuration: CurlTransport.Configuration) {
    let method = transfer.request.method
    switch transfer.request.body {
    case .none where method == "HEAD":
      set(CURLOPT_NOBODY, 1)
      return
    case .none where ["POST", "PUT", "PATCH"].contains(method):
      setBody([])
    case .none:
      set(CURLOPT_HTTPGET, 1)
    case .bytes(let bytes):
      setBody(bytes)
    case .file(_, _, let length, _):
      set(CURLOPT_UPLOAD, 1)
      set(CURLOPT_INFILESIZE_LARGE, offset: length)
      set(CURLOPT_UPLOAD_BUFFERSIZE, Self.uploadBufferSize)
      set(CURLOPT_EXPECT_100_TIMEOUT_MS, configuration.expectContinue.wholeMilliseconds)
    }
    set(CURLOPT_CUSTOMREQUEST, method)
  }

  private mutating func setBody(_ bytes: [UInt8]) {
    set(CURLOPT_POST, 1)
    set(CURLOPT_POSTFIELDSIZE_LARGE, offset: Int64(bytes.count))
    // An empty array may have no address, which libcurl would treat as "read the body from the callback".
    note(
      (bytes.isEmpty ? [0] : bytes).withUnsafeBytes { ccurl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, $0.baseAddress) })
  }

  private mutating func setHeaders(_ transfer: Transfer, _ configuration: CurlTransport.Configuration) {
    let request = transfer.request
    var lines = request.headers.map { header in
      // "Name:" tells libcurl to leave the field out; a field with a blank value is written "Name;".
      header.value.text.allSatisfy { $0 == " " || $0 == "\t" }
        ? "\(header.name);" : "\(header.name): \(header.value.text)"
    }
    let given = Set(request.headers.map { $0.name.lowercased() })
    // Fields that libcurl would add by itself are removed: only HTTP's own needs may be added to a request.
    for name in ["Accept", "Content-Type"] where !given.contains(name.lowercased()) { lines.append("\(name):") }
    // If the server is to be asked first, libcurl adds the field by itself: a field of ours would still be there when
    // it sends the request again without, to a server that refused it (417).
    let asksFirst = transfer.mayAskFirst && Self.asksFirst(request)
    if !given.contains("expect"), !asksFirst { lines.append("Expect:") }
    if !given.contains("user-agent") { set(CURLOPT_USERAGENT, configuration.userAgent) }
    for line in lines {
      guard let list = ccurl_slist_append(transfer.headerLines, line) else { return note(CURLE_OUT_OF_MEMORY) }
      transfer.headerLines = list
    }
    set(CURLOPT_HTTPHEADER, pointer: transfer.headerLines)
  }

  /// Whether the body is so large that the server is asked first.
  static func asksFirst(_ request: HTTPRequest) -> Bool {
    if case .file(_, _, let length, _) = request.body { length >= expectContinueFrom } else { false }
  }

  private mutating func setAuthentication(_ authentication: HTTPAuthentication) {
    let schemes =
      switch authentication.scheme {
      case .negotiate: ccurl_auth_basic | ccurl_auth_digest
      case .basic: ccurl_auth_basic
      case .digest: ccurl_auth_digest
      }
    set(CURLOPT_HTTPAUTH, schemes)
    set(CURLOPT_USERNAME, authentication.user.reveal())
    set(CURLOPT_PASSWORD, authentication.password.reveal())
  }

  private mutating func set(_ option: CURLoption, _ value: Int) { note(ccurl_set_long(easy, option, value)) }
  private mutating func set(_ option: CURLoption, _ value: String) { note(ccurl_set_string(easy, option, value)) }
  private mutating func set(_ option: CURLoption, offset: Int64) { note(ccurl_set_offset(easy, option, offset)) }
  private mutating func set(_ option: CURLoption, pointer: UnsafeRawPointer?) {
    note(ccurl_set_pointer(easy, option, pointer))
  }

  private mutating func note(_ code: CURLcode) {
    if code != CURLE_OK, firstFailure == nil { firstFailure = code }
  }
}

extension Duration {
  /// Milliseconds, rounded up so that a short limit never becomes libcurl's 0, "none"; at most about 24 days.
  fileprivate var wholeMilliseconds: Int {
    let (seconds, attoseconds) = components
    guard seconds < 2_000_000 else { return 2_000_000_000 }
    return Int(seconds) * 1_000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }
}

/// Recognises URLs of this machine itself, which are never reached through a proxy.
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
