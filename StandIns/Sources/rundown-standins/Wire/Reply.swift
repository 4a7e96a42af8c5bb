import HTTPTypes

/// The answer of a stand-in before faults are applied.
struct Reply: Sendable {
  enum Body: Sendable {
    case none
    case json(JSONValue)
    case text(String, contentType: String)
    /// Another server's answer, with all its headers.
    case passedOn(HTTPFields, [UInt8])
  }

  var status: Int
  var headers: [String: String]
  var body: Body

  init(_ status: Int, headers: [String: String] = [:], body: Body = .none) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  init(_ status: Int, json: JSONValue) {
    self.init(status, body: .json(json))
  }

  /// Whether the request was carried out.
  var isSuccess: Bool {
    (200..<300).contains(status)
  }

  /// The answer of a proxy that redirects its clients.
  static func redirect(_ status: Int) -> Reply {
    Reply(
      status, headers: ["Location": "https://login.example.com/"],
      body: .text("<html><head><title>Moved</title></head><body></body></html>\n", contentType: "text/html"))
  }

  /// The answer of a proxy in front of a provider that it cannot reach any more.
  static let badGateway = Reply(
    502,
    body: .text(
      "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n",
      contentType: "text/html"))
}
