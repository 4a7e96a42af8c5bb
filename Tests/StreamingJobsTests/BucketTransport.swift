import HTTPTransport

/// Passes requests on to a real server, keeps what was asked, and answers some itself.
actor BucketTransport: HTTPTransport {
  private let base: any HTTPTransport
  private(set) var requests: [HTTPRequest] = []
  private var answer: @Sendable (HTTPRequest) -> Answer = { _ in .pass }

  enum Answer: Sendable {
    case pass
    /// Something happens first.
    case after(@Sendable () async throws -> Void)
    case instead(HTTPResponse)
    /// Something happens first, and it is not carried out.
    case afterInstead(@Sendable () async throws -> Void, HTTPResponse)
    /// Carried out, and the answer is lost.
    case lost
  }

  init(_ base: any HTTPTransport) { self.base = base }

  /// What becomes of requests from now on.
  func answer(_ answer: @escaping @Sendable (HTTPRequest) -> Answer) { self.answer = answer }

  func forget() { requests = [] }

  func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
    requests.append(request)
    switch answer(request) {
    case .instead(let response): return response
    case .afterInstead(let body, let response):
      try? await body()
      return response
    case .after(let body):
      try? await body()
      return try await base.send(request)
    case .pass: return try await base.send(request)
    case .lost:
      _ = try await base.send(request)
      throw HTTPTransportError(
        code: .connectionLost, delivery: .unknown, target: request.method, cause: "the answer was lost")
    }
  }

  /// The sub-resources of the requests that changed something; the bucket itself is `""`.
  var writes: [String] { requests.filter { $0.method != "GET" && $0.method != "HEAD" }.map(\.subresource) }
}

extension HTTPRequest {
  /// What is asked of a bucket: `cors`, `policy`; `""` for the bucket itself.
  var subresource: String { url.split(separator: "?").dropFirst().first.map(String.init) ?? "" }

  var bodyText: String {
    if case .bytes(let bytes) = body { String(decoding: bytes, as: UTF8.self) } else { "" }
  }
}
