import HTTPTypes

/// What a stand-in wants to answer, before faults have had their say.
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

  /// Whether the request did what it asked for.
  var isSuccess: Bool {
    (200..<300).contains(status)
  }

  /// What a proxy answers that sends its clients elsewhere.
  static func redirect(_ status: Int) -> Reply {
    Reply(
      status, headers: ["Location": "https://login.example.com/"],
      body: .text("<html><head><title>Moved</title></head><body></body></html>\n", contentType: "text/html"))
  }

  /// What a proxy in front of a provider answers when it has lost the provider.
  static let badGateway = Reply(
    502,
    body: .text(
      "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n",
      contentType: "text/html"))
}
