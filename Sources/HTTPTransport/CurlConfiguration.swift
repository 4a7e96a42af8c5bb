public import Secrets

extension CurlTransport {
  /// The settings for every request of one transport.
  public struct Configuration: Sendable {
    /// A PEM file of certificate authorities to trust instead of the system's. Certificates are always verified.
    public var certificateAuthorityFile: String?
    /// The oldest TLS version accepted; nil leaves it to libcurl and OpenSSL.
    public var minimumTLS: TLSVersion?
    /// Connections open to one host at a time; nil for no limit. Requests beyond it wait, and their timeouts do not run
    /// while they wait, so limit the number of requests rather than this where you can.
    public var maxConnectionsPerHost: Int?
    /// Connections, and transfer handles, kept open for reuse.
    public var poolSize: Int
    /// The `User-Agent` of requests that have none of their own.
    public var userAgent: String
    /// How outside hosts are reached. Loopback hosts are always reached directly.
    public var proxy: Proxy
    /// How long a large upload waits for the server's permission to continue; servers that do not support `Expect` get
    /// the body after it.
    var expectContinue: Duration = .seconds(1)

    /// A version of TLS.
    public enum TLSVersion: Sendable, Hashable {
      /// TLS 1.2 (RFC 5246).
      case v1_2
      /// TLS 1.3 (RFC 8446).
      case v1_3
    }

    /// Which proxy is used.
    public enum Proxy: Sendable, Hashable {
      /// As `http_proxy`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` say, read as every curl-based program reads them.
      case environment
      /// None, whatever the environment says.
      case none
      /// This proxy URL, a secret because it may carry a password.
      case url(Secret)
    }

    /// Creates a configuration; the defaults suit a worker.
    public init(
      certificateAuthorityFile: String? = nil, minimumTLS: TLSVersion? = nil, maxConnectionsPerHost: Int? = nil,
      poolSize: Int = 64, userAgent: String = "rundown", proxy: Proxy = .environment
    ) {
      self.certificateAuthorityFile = certificateAuthorityFile
      self.minimumTLS = minimumTLS
      self.maxConnectionsPerHost = maxConnectionsPerHost
      self.poolSize = poolSize
      self.userAgent = userAgent
      self.proxy = proxy
    }
  }
}
