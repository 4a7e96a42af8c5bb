import FoundationEssentials
import HTTPTransport
import Secrets
import Testing

/// A transport that answers from a script and remembers what was asked.
actor ScriptedTransport: HTTPTransport {
  enum Line: Sendable {
    case answer(Int, String, headers: [String: String] = ["Content-Type": "application/json; charset=utf-8"])
    case failure(HTTPTransportError.Code, Delivery)
  }

  private var lines: [Line]
  private(set) var requests: [HTTPRequest] = []

  init(_ lines: [Line]) { self.lines = lines }

  func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
    requests.append(request)
    guard !lines.isEmpty else {
      throw HTTPTransportError(
        code: .unavailable, delivery: .notSent, target: request.url, cause: "the script has no further line")
    }
    switch lines.removeFirst() {
    case .answer(let status, let body, let headers):
      return HTTPResponse(
        status: status, headers: headers.map { ($0.key, $0.value) }, body: Array(body.utf8),
        redactor: request.redactor)
    case .failure(let code, let delivery):
      throw HTTPTransportError(code: code, delivery: delivery, target: request.method, cause: "scripted")
    }
  }

  /// Method, URL behind the host, and body of every request.
  var asked: [String] {
    requests.map { request in
      let path = request.url.split(separator: "/", maxSplits: 2).last.map { "/" + $0 } ?? ""
      guard case .bytes(let body) = request.body else { return "\(request.method) \(path)" }
      return "\(request.method) \(path) \(String(decoding: body, as: UTF8.self))"
    }
  }
}

extension HTTPRequest {
  /// The value of a header as it would go over the wire.
  func sent(_ name: String) -> String? {
    headers.first { $0.name == name }.map { header in
      switch header.value {
      case .plain(let text): text
      case .secret(let secret): secret.reveal()
      }
    }
  }
}
