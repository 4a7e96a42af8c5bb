import HTTPTransport
import Secrets

/// Answers from a closure and keeps what was asked.
actor StubTransport: HTTPTransport {
  private(set) var requests: [HTTPRequest] = []
  private let answer: @Sendable (HTTPRequest, Int) -> Result<HTTPResponse, HTTPTransportError>

  /// - Parameter answer: told the request and how many came before it.
  init(_ answer: @escaping @Sendable (HTTPRequest, Int) -> Result<HTTPResponse, HTTPTransportError>) {
    self.answer = answer
  }

  /// Gives these answers one after the other, and the last one from then on.
  init(answers: [HTTPResponse]) {
    self.init { _, index in .success(answers[min(index, answers.count - 1)]) }
  }

  func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
    requests.append(request)
    var response = try answer(request, requests.count - 1).get()
    response.redactor = request.redactor
    return response
  }

  var urls: [String] { requests.map(\.url) }
}

extension HTTPResponse {
  /// An answer with a text.
  static func text(_ status: Int, _ body: String = "", _ headers: [String: String] = [:]) -> HTTPResponse {
    HTTPResponse(status: status, headers: headers.map { ($0.key, $0.value) }, body: Array(body.utf8))
  }

  /// S3's error document.
  static func s3Error(
    _ status: Int, _ code: String, _ details: String = "", _ headers: [String: String] = [:]
  ) -> HTTPResponse {
    text(status, "<Error><Code>\(code)</Code><Message>m</Message>\(details)<RequestId>r1</RequestId></Error>", headers)
  }
}

extension HTTPRequest {
  /// The first field of this name as it goes to the server.
  func header(_ name: String) -> String? {
    guard let value = headers.first(where: { $0.name.lowercased() == name.lowercased() })?.value else { return nil }
    switch value {
    case .plain(let text): return text
    case .secret(let secret): return secret.reveal()
    }
  }

  /// The body in memory.
  var text: String {
    if case .bytes(let bytes) = body { String(decoding: bytes, as: UTF8.self) } else { "" }
  }

  /// The region that the request was signed for.
  var signedRegion: String? {
    header("authorization")?.split(separator: "/").dropFirst(2).first.map(String.init)
  }
}
