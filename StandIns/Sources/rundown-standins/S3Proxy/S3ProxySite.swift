/// A way to a real S3 server on which faults can strike: every request is passed on, and what it put is counted.
actor S3ProxySite: Site {
  /// Bytes of one request or answer that are held in memory: four parts of the usual size.
  static let bodyLimit = 64 << 20

  private let upstream: S3Upstream
  private(set) var book = S3ObjectStore()

  init(upstream: S3Upstream) {
    self.upstream = upstream
  }

  func answer(_ request: Request) async -> Reply {
    // A task of its own: when the listener goes down, what is on its way still arrives and has to be counted.
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

  /// Forgets the counts; what the server holds stays there.
  func reset() {
    book = S3ObjectStore()
  }
}
