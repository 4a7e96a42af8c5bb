import HTTPTransport

/// A transport on which the first GET of a path is answered as if nothing was there: what was made is not seen yet.
actor LateView: HTTPTransport {
  private let base: any HTTPTransport
  private let path: String
  private(set) var isOver = false

  init(of path: String, over base: any HTTPTransport) {
    self.base = base
    self.path = path
  }

  func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
    guard !isOver, request.method == "GET", request.url.contains(path) else {
      return try await base.send(request)
    }
    isOver = true
    return HTTPResponse(
      status: 404, headers: [("Content-Type", "application/json")],
      body: Array(#"{"meta":{"status":404,"code":"ERR-404-RecordNotFound","message":"not found"}}"#.utf8))
  }
}
