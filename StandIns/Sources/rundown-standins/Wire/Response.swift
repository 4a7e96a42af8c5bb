import HTTPTypes

/// An answer as it is sent.
struct Response: Sendable {
  var head: HTTPResponse
  var body: [UInt8]

  init(_ status: Int, _ fields: HTTPFields = HTTPFields(), body: [UInt8] = []) {
    head = HTTPResponse(status: .init(code: status), headerFields: fields)
    self.body = body
  }
}
