/// A proxy to a real S3 server on which faults can strike: it passes every request on and counts what it put.
actor S3ProxySite: Site {
  /// The maximum number of bytes of one request or answer that are held in memory: four parts of the usual size.
  static let bodyLimit = 64 << 20

  private let upstream: S3Upstream
  private(set) var book = S3ObjectStore()

  init(upstream: S3Upstream) {
    self.upstream = upstream
  }

  func answer(_ request: Request) async -> Reply {
    // A task of its own: if the listener goes down, requests on their way still arrive and must be counted.
    let exchange = Task { [upstream] in try await upstream.exchange(request) }
    do {
      let answer = try await exchange.value
      book.note(request, answer)
      return answer
    } catch {
      return S3ProxyError.unreachable
    }
  }

  func unauthorized(code: String?) -> Reply {
    S3ProxyError.answer(403, code: "InvalidAccessKeyId")
  }

  func failure(status: Int) -> Reply {
    S3ProxyError.answer(status)
  }

  /// Resets the counts; the server keeps its objects.
  func reset() {
    book = S3ObjectStore()
  }
}
