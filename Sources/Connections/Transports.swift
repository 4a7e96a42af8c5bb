import HTTPTransport

/// The transports of this process: all clients that trust the same authorities share connections.
actor Transports {
  private var byAuthorities: [String: CurlTransport] = [:]
  private var withoutProxy: CurlTransport?

  /// The transport that trusts the system's authorities, or those of a file.
  func transport(authorities: String?) -> CurlTransport {
    if let known = byAuthorities[authorities ?? ""] { return known }
    let made = CurlTransport(configuration: .init(certificateAuthorityFile: authorities))
    byAuthorities[authorities ?? ""] = made
    return made
  }

  /// The transport for requests that must not go through a proxy.
  func direct() -> CurlTransport {
    if let withoutProxy { return withoutProxy }
    let made = CurlTransport(configuration: .init(proxy: .none))
    withoutProxy = made
    return made
  }

  /// Ends all transfers and threads.
  func shutdown() {
    for transport in byAuthorities.values { transport.shutdown() }
    withoutProxy?.shutdown()
  }
}
